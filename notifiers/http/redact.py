"""Words of a receiver, made fit for our errors: short, and without addresses or secrets."""

import re
from collections.abc import Iterable
from urllib.parse import unquote

from common.clip import clip_words
from common.patterns import pattern
from notifiers.content.sanitize import one_line

LIMIT = 160
_READ = 4000
_URL = pattern(r"[a-zA-Z][a-zA-Z0-9+.-]{1,20}://[^\s\"'<>]+")
_ADDRESS = pattern(r"[^\s<>\"'(),:;]+@[^\s<>\"'(),:;]+")


def redacted(text: str, secrets: Iterable[str] = ()) -> str:
    """Return the beginning of the text as one line, with "***" for what must not be shown.

    Args:
        secrets: What must not appear, in whole or in the parts that a URL has.
    """
    text = text[:_READ]
    for secret in sorted(_parts(secrets), key=len, reverse=True):
        text = text.replace(secret, "***")
    return clip_words(one_line(_ADDRESS.sub("<address>", _URL.sub("<link>", text))), LIMIT)


def _parts(secrets: Iterable[str]) -> set[str]:
    """Return each secret and each part of it that is long enough to give something away."""
    parts: set[str] = set()
    for secret in secrets:
        for part in (secret, *re.split(r"[/?&=#:@\s,]+", secret)):
            parts |= {part, unquote(part)} if len(part) >= 6 else set()
    return parts - {"https:", "webhook", "webhooks", "services", "workflows"}
