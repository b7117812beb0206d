"""What messages say in Chinese."""

from common.words.shape import Words

WORDS = Words(
    code="zh",
    found={
        "exact": "与原文相同",
        "folded": "字母相同",
        "inflected": "词形变化",
        "compound": "复合词",
        "variant": "异形",
        "acronym": "缩写",
        "lexicon": "译名",
        "related": "相关词",
        "cognate": "同源词",
    },
    sources={
        "news lexicon": "新闻词库",
        "place names": "地名",
        "initials": "首字母",
        "transliteration": "转写",
        "names of drugs": "药品名",
    },
    how="{how}，{language}",
    reason="{words} — {how} — 对应“{term}”",
    more_words="{words}等，另有{n}个",
    alone="暂无其他媒体报道",
    outlets=("另有{n}家媒体", "另有{n}家媒体"),
    articles=("另有{n}篇报道", "另有{n}篇报道"),
    in_languages="{told}，{n}种语言",
    seen="发现于 {time}",
    stories=("{n}条新闻", "{n}条新闻"),
    left_out=("另有{n}条新闻", "另有{n}条新闻"),
    priorities={
        "low": "低",
        "high": "高",
        "critical": "紧急",
    },
    footer="规则 {rule}",
    look_up="查询：{command}",
    read="阅读",
    test="测试",
    notice="通知",
    digest="摘要",
    test_title="频道“{name}”工作正常",
    test_text="这是一条测试消息。您的规则发出的提醒会像新闻一样显示，并标出找到的词语。",
    notice_title="需要您处理",
    limit_title="已达上限",
    first="最早：{outlet}",
    held={
        "digest": (
            "{n} 条已汇集到本摘要",
            "{n} 条已汇集到本摘要",
        ),
        "budget": (
            "{n} 条超出每天或每小时的发送上限",
            "{n} 条超出每天或每小时的发送上限",
        ),
        "quiet": (
            "{n} 条在免打扰时段到达",
            "{n} 条在免打扰时段到达",
        ),
        "paused": (
            "{n} 条在暂停期间到达",
            "{n} 条在暂停期间到达",
        ),
        "storm": (
            "{n} 条同时大量到达",
            "{n} 条同时大量到达",
        ),
        "backfill": (
            "{n} 条在规则创建之前已存储",
            "{n} 条在规则创建之前已存储",
        ),
        "silenced": (
            "{n} 条已被静音",
            "{n} 条已被静音",
        ),
    },
    last_of={
        "day": "规则“{rule}”今日第 {n} 条（共 {n} 条）",
        "all_day": "今日第 {n} 条（共 {n} 条）",
        "hour": "本小时第 {n} 条（共 {n} 条）",
        "minute": "一分钟内第 {n} 条",
    },
    used_up={
        "day": "规则“{rule}”每日 {n} 条的上限已用完：今日已发送 {sent} 条",
        "all_day": "每日 {n} 条的上限已用完：今日已发送 {sent} 条",
        "hour": "每小时 {n} 条的上限已用完：本小时已发送 {sent} 条",
    },
    rest_waits="{what}：其余消息将在 {time} 汇总发送（{look_up}）",
)
