"""Services that people know and that cannot be sent to: their addresses are no webhooks of ours."""

from notifiers.spec import UnsupportedKind, WebUrl

SPECS = tuple(
    UnsupportedKind(kind=kind, name=name, target=WebUrl(hosts=hosts))
    for kind, name, hosts in (
        ("pushover", "Pushover", r"api\.pushover\.net"),
        ("webex", "Webex", r"webexapis\.com|api\.ciscospark\.com"),
        ("lark", "Lark", r"open\.(feishu\.cn|larksuite\.com)"),
        ("dingtalk", "DingTalk", r"oapi\.dingtalk\.com"),
        ("wecom", "WeCom", r"qyapi\.weixin\.qq\.com"),
        ("pushbullet", "Pushbullet", r"api\.pushbullet\.com"),
        ("line", "LINE", r"api\.line\.me|notify-api\.line\.me"),
        ("zalo", "Zalo", r"openapi\.zalo\.me"),
    )
)
