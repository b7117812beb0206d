"""Services that people know and that only Apprise sends to; their URLs are no webhooks of ours."""

from notifiers.spec import UnsupportedKind, WebUrl

SPECS = tuple(
    UnsupportedKind(kind=kind, name=name, target=WebUrl(hosts=hosts), scheme=scheme)
    for kind, name, scheme, hosts in (
        ("pushover", "Pushover", "pover", r"api\.pushover\.net"),
        ("webex", "Webex", "wxteams", r"webexapis\.com|api\.ciscospark\.com"),
        ("lark", "Lark", "lark", r"open\.larksuite\.com"),
        ("feishu", "Feishu", "feishu", r"open\.feishu\.cn"),
        ("dingtalk", "DingTalk", "dingtalk", r"oapi\.dingtalk\.com"),
        ("wecom", "WeCom", "wecombot", r"qyapi\.weixin\.qq\.com"),
        ("pushbullet", "Pushbullet", "pbul", r"api\.pushbullet\.com"),
        ("line", "LINE", "line", r"api\.line\.me"),
        ("zulip", "Zulip", "zulip", r".+\.zulipchat\.com"),
    )
)
