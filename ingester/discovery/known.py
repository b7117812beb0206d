"""Where services that host many voices keep the feed of each: their pages seldom say it."""

import re
from collections.abc import Iterator
from urllib.parse import urlsplit

_NAME = r"[\w.%~-]+"
_OF_GITHUB = r"(?:apps|collections|features|marketplace|orgs|search|settings|sponsors|topics)"
"""What stands there where others have their name."""
_LONGEST = 2_000
"""Cut, a longer one would name another feed."""
_FORMS = tuple(
    (re.compile(pattern), forms)
    for pattern, *forms in (
        (
            r"(?:www\.|m\.)?youtube\.com/channel/(UC[\w-]{22})(?:[/?].*)?",
            r"https://www.youtube.com/feeds/videos.xml?channel_id=\1",
        ),
        (
            r"(?:www\.|m\.)?youtube\.com/user/([\w-]+)(?:[/?].*)?",
            r"https://www.youtube.com/feeds/videos.xml?user=\1",
        ),
        (
            r"(?:www\.|m\.)?youtube\.com/(?:playlist|watch)\?(?:.*&)?list=([\w-]+).*",
            r"https://www.youtube.com/feeds/videos.xml?playlist_id=\1",
        ),
        (
            rf"(?:www\.|old\.|new\.)?reddit\.com/(r|u|user)/({_NAME})(?:[/?].*)?",
            r"https://www.reddit.com/\1/\2/.rss",
        ),
        (
            rf"github\.com/(?!{_OF_GITHUB}/)({_NAME}/{_NAME})/?(?:(?:releases|tags)\b.*)?",
            r"https://github.com/\1/releases.atom",
            r"https://github.com/\1/tags.atom",
            r"https://github.com/\1/commits.atom",
        ),
        (
            rf"github\.com/({_NAME}/{_NAME})/commits(?:/.*)?",
            r"https://github.com/\1/commits.atom",
        ),
        (
            rf"gitlab\.com/({_NAME}(?:/(?!-/){_NAME})+)/?(?:-/(?:releases|tags)\b.*)?",
            r"https://gitlab.com/\1/-/releases.atom",
            r"https://gitlab.com/\1/-/tags?format=atom",
        ),
        (rf"medium\.com/(@?{_NAME})/?", r"https://medium.com/feed/\1"),
        (rf"bsky\.app/profile/({_NAME}|did:plc:\w+)/?", r"https://bsky.app/profile/\1/rss"),
        (rf"vimeo\.com/(?!\d+/?$)({_NAME})/?(?:videos/?)?", r"https://vimeo.com/\1/videos/rss"),
        (
            rf"(?:www\.)?dailymotion\.com/({_NAME})/?",
            r"https://www.dailymotion.com/rss/user/\1",
        ),
        (
            r"news\.google\.com/((?:topics|search|publications|topstories|home)\b.*)",
            r"https://news.google.com/rss/\1",
        ),
        (
            rf"((?:[\w-]+\.)?stackexchange|stackoverflow|serverfault|superuser|askubuntu)\.com"
            rf"/questions/tagged/({_NAME}).*",
            r"https://\1.com/feeds/tag/\2",
        ),
        (r"arxiv\.org/list/([\w.-]+)(?:/.*)?", r"https://rss.arxiv.org/rss/\1"),
        (
            rf"({_NAME}\.blogspot\.(?:com?\.)?[a-z]{{2,3}})(?:/.*)?",
            r"https://\1/feeds/posts/default",
        ),
        (
            rf"({_NAME}\.(?:substack|wordpress)\.com)(?:/.*)?",
            r"https://\1/feed",
        ),
        (rf"({_NAME}\.tumblr\.com)(?:/.*)?", r"https://\1/rss"),
    )
)


_OF_A_VOICE = re.compile(rf"/@{_NAME}/?")


def known_feeds(url: str) -> Iterator[str]:
    """Yield the addresses at which a service keeps the feeds of what a page of it shows.

    None if the address is of no service that we know. Never raises.
    """
    try:
        parts = urlsplit(url)
    except ValueError:
        return
    if parts.scheme not in ("http", "https"):
        return
    query = f"?{parts.query}" if parts.query else ""
    place = f"{(parts.hostname or '')}{parts.path}{query}"
    if len(place) > _LONGEST:
        return
    for pattern, forms in _FORMS:
        if match := pattern.fullmatch(place):
            yield from (match.expand(form) for form in forms)
            return


def guessed_feeds(url: str) -> Iterator[str]:
    """Yield where Mastodon and its kin keep the feed of a page, on thousands of hosts.

    Other software has such addresses, too: nobody has said that a feed is there. It is one of the
    same origin, port and all. Never raises.
    """
    try:
        parts = urlsplit(url)
    except ValueError:
        return
    if parts.scheme in ("http", "https") and parts.netloc and _OF_A_VOICE.fullmatch(parts.path):
        yield f"{parts.scheme}://{parts.netloc}{parts.path.rstrip('/')}.rss"
