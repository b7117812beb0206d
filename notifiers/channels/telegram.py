"""Telegram: known by its host, and not sent to yet."""

from notifiers.spec import UnsupportedKind, WebUrl

SPEC = UnsupportedKind(kind="telegram", name="Telegram", target=WebUrl(hosts=r"api\.telegram\.org"))
