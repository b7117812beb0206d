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
        "related": "関連語",
        "cognate": "同源語",
    },
    sources={
        "news lexicon": "ニュース用語集",
        "place names": "地名",
        "initials": "頭文字",
        "transliteration": "翻字",
        "names of drugs": "医薬品名",
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
    limit_title="上限に達しました",
    first="最初: {outlet}",
    held={
        "digest": (
            "{n}件をこのまとめに集めました",
            "{n}件をこのまとめに集めました",
        ),
        "budget": (
            "{n}件は1日または1時間の送信上限を超えました",
            "{n}件は1日または1時間の送信上限を超えました",
        ),
        "quiet": (
            "{n}件は静かな時間帯に届きました",
            "{n}件は静かな時間帯に届きました",
        ),
        "paused": (
            "{n}件は一時停止中に届きました",
            "{n}件は一時停止中に届きました",
        ),
        "storm": (
            "{n}件は一度に集中して届きました",
            "{n}件は一度に集中して届きました",
        ),
        "backfill": (
            "{n}件はルールができる前に保存されていました",
            "{n}件はルールができる前に保存されていました",
        ),
        "silenced": (
            "{n}件はミュートされていました",
            "{n}件はミュートされていました",
        ),
    },
    last_of={
        "day": "ルール「{rule}」の本日{n}件中{n}件目",
        "all_day": "本日{n}件中{n}件目",
        "hour": "この1時間の{n}件中{n}件目",
        "minute": "1分間で{n}件目",
    },
    used_up={
        "day": "ルール「{rule}」の1日{n}件の上限に達しました（本日送信済み{sent}件）",
        "all_day": "1日{n}件の上限に達しました（本日送信済み{sent}件）",
        "hour": "1時間{n}件の上限に達しました（この1時間で送信済み{sent}件）",
    },
    rest_waits="{what}：以降の通知は{time}にまとめてお送りします（{look_up}）",
)
