"""Whether a request that comes from this machine was passed on by a server that stands between."""

import re

from starlette.requests import Request

from monitor.web.base.loopback import is_loopback

_IS_OF_A_PROXY = re.compile(
    r"x-forwarded(?:-.+)?|forwarded|via|(?:x-)?real-ip|(?:x-)?(?:true-)?client-ip"
    r"|x-(?:original|cluster-client|envoy-external|appengine-user)-.+|(?:cf|fastly|fly)-.+"
)
"""Names of headers that servers add which pass requests on, and no browser sends by itself."""


def is_passed_on(request: Request) -> bool:
    """Whether somebody elsewhere may have asked, though this machine's own address is connected.

    Such headers are believed in one direction only: who feigns one is asked who they are. nginx
    that is told nothing but where to pass on adds none and asks for this machine itself, but in
    HTTP/1.0, which no browser speaks.
    """
    return (
        request.scope["http_version"] == "1.0"
        or not is_loopback(request.url.hostname or "")
        or any(_IS_OF_A_PROXY.fullmatch(name) for name in request.headers)
    )
