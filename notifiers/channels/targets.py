"""Where a channel sends to: what people write, told by the kinds' own rules."""

import difflib
import re
from collections.abc import Callable, Mapping
from dataclasses import field

from common.records import dataclass
from notifiers.channels.kinds import KIND_OF_ANY_URL, KINDS, UNSUPPORTED
from notifiers.content.sanitize import quoted
from notifiers.spec import (
    URL,
    ChannelSpec,
    LibraryUrl,
    OwnScheme,
    UnknownToLibraryError,
    UnsupportedKind,
    WebUrl,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Target:
    """Where a channel sends to.

    Attributes:
        shown: What may be shown to anybody: secret parts are masked.
        recipients: Who receives a delivery of their own; ("",) for kinds without recipients.
        settings: The kind's settings, secrets in the clear: for the secret store alone.
    """

    kind: str
    shown: str
    recipients: tuple[str, ...] = ("",)
    settings: Mapping[str, str] = field(default_factory=dict, repr=False)


def parse_target(text: str, *, kind: str | None = None) -> Target:
    """Return what `console:`, `mailto:a@b,c@d`, `a@b,c@d` or an http(s) URL stands for.

    Args:
        kind: What the user says it is; None to tell by the text.

    Raises:
        ValueError: It is nothing that can be sent to, or another kind's; one sentence, without
            what may be secret in it.
    """
    _check_kind(kind)
    _check_is_place(text.strip())
    schemes = {
        spec.target.scheme: (spec, spec.target)
        for spec in KINDS.values()
        if isinstance(spec.target, OwnScheme)
    }
    for _, own in schemes.values():
        if own.is_meant(text.strip()):
            text = f"{own.scheme}:{text.strip()}"
    scheme, _, rest = text.strip().partition(":")
    is_library_url = rest.startswith("//") and scheme.lower() not in ("http", "https")
    problem = ""
    if is_library_url and kind in (None, *_LIBRARIES):
        try:
            return _of_library(text.strip(), scheme.lower(), kind)
        except UnknownToLibraryError as unknown:
            problem = str(unknown)
    if scheme.lower() in schemes:
        spec, own = schemes[scheme.lower()]
        if kind not in (None, spec.kind):
            raise ValueError(f"this is {own.name}, whose kind is {spec.kind}, not {kind}")
        recipients = own.recipients(rest)
        shown = f"{own.scheme}:{','.join(recipients)}"
        return Target(kind=spec.kind, shown=shown, recipients=recipients)
    for spec, own in schemes.values():
        if kind == spec.kind:
            raise ValueError(f"this is no target for {kind}: write {own.example}")
    try:
        return _of_url(text, kind, {scheme: own.example for scheme, (_, own) in schemes.items()})
    except ValueError as error:
        raise ValueError(f"{error}; {problem}" if problem else str(error)) from None


def _check_is_place(text: str) -> None:
    """Refuse what is only called as a kind of channel is: slack."""
    spec = KINDS.get(text.lower())
    if spec is None:
        return
    written = "write the address that takes its messages, https://..."
    if isinstance(spec.target, OwnScheme):
        written = f"write {spec.target.example}"
    raise ValueError(f"{quoted(text)} is a kind of channel and not where it sends to; {written}")


_LIBRARIES = {
    spec.kind: spec.target for spec in KINDS.values() if isinstance(spec.target, LibraryUrl)
}


def _of_library(text: str, scheme: str, kind: str | None) -> Target:
    kind = kind or next(iter(_LIBRARIES))
    _LIBRARIES[kind].check(text)
    return Target(kind=kind, shown=f"{scheme}://***", settings={URL.key: text})


def _check_kind(kind: str | None) -> None:
    if kind is None or kind in KINDS or kind in UNSUPPORTED:
        return
    near = difflib.get_close_matches(kind.lower(), KINDS, n=1)
    hint = f'did you mean "{near[0]}"?' if near else f"known: {', '.join(KINDS)}"
    raise ValueError(f"unknown kind {quoted(kind)}; {hint}")


def _of_url(text: str, kind: str | None, schemes: Mapping[str, str]) -> Target:
    from notifiers.http import urls  # it brings the HTTP client: only for those who name a URL

    url = urls.web_url(text, schemes)
    host = urls.host_of(url).rstrip(".").lower()
    return Target(
        kind=_kind_at(host, url.path, url.query.decode("ascii", "replace"), kind),
        shown=urls.masked(url),
        settings={URL.key: text.strip()},
    )


def _kind_at(host: str, path: str, query: str, kind: str | None) -> str:
    """Return the kind that the host tells, else the one given, else the one that the rest tells."""
    known = _known(lambda target: target.hosts, host)
    if known is not None and kind not in (None, known.kind):
        raise ValueError(f"this is a {known.name} address, whose kind is {known.kind}, not {kind}")
    spec = known or UNSUPPORTED.get(kind or "")
    if isinstance(spec, UnsupportedKind):
        raise ValueError(f"{spec.name} is sent to by its URL of Apprise's: {spec.scheme}://...")
    rest = f"{path.rstrip('/')}{'?' if query else ''}{query}"
    spec = known or KINDS.get(kind or "") or _known(lambda target: target.shape, rest)
    if spec is None or isinstance(spec, UnsupportedKind):
        return KIND_OF_ANY_URL
    if isinstance(spec.target, WebUrl):
        if known and spec.target.path and not re.fullmatch(spec.target.path, path):
            raise ValueError(f"this is no webhook of {spec.name}: copy its URL again, whole")
        spec.target.check(path, query)
    return spec.kind


def _known(pattern: Callable[[WebUrl], str], text: str) -> ChannelSpec | UnsupportedKind | None:
    """Return the kind one of whose patterns fits the whole text."""
    specs: tuple[ChannelSpec | UnsupportedKind, ...] = (*KINDS.values(), *UNSUPPORTED.values())
    for spec in specs:
        wanted = pattern(spec.target) if isinstance(spec.target, WebUrl) else ""
        if wanted and re.fullmatch(wanted, text):
            return spec
    return None
