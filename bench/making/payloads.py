"""The bytes of one alert for every kind of channel, as a page of the documentation.

python -m bench.making.payloads > docs/payloads.md
"""

import json

from bench.making import pictures
from notifiers.channels.kinds import KINDS

_HEAD = """# What is sent, byte by byte

One alert as each kind of channel is sent it, made by `python -m bench.making.payloads`; a test
holds this page to the program. JSON is compact when it is sent, and broken into lines here.
`monitor render RULE_OR_ALERT --channel NAME` shows the same of your own. What a webhook says is
explained in [webhooks.md](webhooks.md), what each service is known to do in
[channels.md](channels.md).
"""


def page() -> str:
    """Return the page."""
    return "\n".join([_HEAD, *map(_section, KINDS)])


def _section(kind: str) -> str:
    payload = pictures.rendered(kind, pictures.FIRST)
    try:
        shown = json.dumps(json.loads(payload), ensure_ascii=False, indent=1)
    except ValueError:
        shown = payload.decode().replace("\r\n", "\n").rstrip("\n")
    return f"## {kind}\n\n{len(payload):,} bytes\n\n```\n{shown}\n```\n"


if __name__ == "__main__":
    print(page(), end="")
