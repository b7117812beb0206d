"""What messages say in Japanese."""

from common.words.shape import Words

WORDS = Words(
    code="ja",
    found={
        "exact": "表記どおり",
        "folded": "同じ文字",
        "inflected": "語形変化",
        "compound": "複合語",
        "variant": "別表記",
        "acronym": "略語",
        "lexicon": "訳語",
        "cognate": "同源語",
    },
    how="{how}、{language}",
    reason="{words} — {how} — 「{term}」に一致",
    more_words="{words} ほか{n}件",
    alone="ほかの媒体はまだありません",
    outlets=("ほか{n}媒体", "ほか{n}媒体"),
    articles=("ほか{n}記事", "ほか{n}記事"),
    in_languages="{told}（{n}言語）",
    seen="{time} に確認",
    stories=("{n}件のニュース", "{n}件のニュース"),
    left_out=("ほか{n}件", "ほか{n}件"),
    priorities={
        "low": "低",
        "high": "高",
        "critical": "緊急",
    },
    footer="ルール {rule}",
    look_up="詳細: {command}",
    read="読む",
    test="テスト",
    notice="お知らせ",
    digest="まとめ",
    test_title="チャンネル「{name}」は正常です",
    test_text="これはテストです。ルールの通知は、見つかった語を示したニュースとして届きます。",
    notice_title="対応が必要です",
    first="最初: {outlet}",
)
