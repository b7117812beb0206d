"""A double of a Gotify server."""

from typing import Any, ClassVar
from urllib.parse import parse_qs, urlsplit

from notifiers.api import Failure
from tests.answers import Seen
from tests.vendors.double import CANARY, Double, Meaning, Refused, Said, parsed, said
from tests.vendors.reading import Read, markdown, plain


def failed(status: int, error: str, description: str) -> Said:
    body = {"error": error, "errorCode": status, "errorDescription": description}
    return said(body, status)


class Gotify(Double):
    """Takes messages of an application that its token names."""

    kind = "gotify"
    path = f"/message?token=A{CANARY}.."
    refusals: ClassVar[dict[str, Meaning]] = {
        "bad token": Meaning(
            said=failed(401, "Unauthorized", "you need to provide a valid access token"),
            failure=Failure.DISABLED,
        ),
        "not an application": Meaning(
            said=failed(403, "Forbidden", "you are not allowed to access this api"),
            failure=Failure.DISABLED,
        ),
        "bad": Meaning(
            said=failed(400, "Bad Request", "Field 'message' is required"),
            failure=Failure.PERMANENT,
        ),
        "down": Meaning(said=Said(status=502, body=""), failure=Failure.RETRY),
    }

    def take(self, seen: Seen) -> Said:
        query = parse_qs(urlsplit(seen.path).query)
        token = seen.headers.get("x-gotify-key") or query.get("token", [""])[0]
        if token != f"A{CANARY}..":
            raise Refused(failed(401, "Unauthorized", "you need to provide a valid access token"))
        message = parsed(seen, lambda: failed(400, "Bad Request", "not JSON"))
        if not message.get("message"):
            raise Refused(failed(400, "Bad Request", "Field 'message' is required"))
        self.kept.append(message)
        return said({"id": len(self.kept), "appid": 1, **message})

    def read(self, message: dict[str, Any]) -> Read:
        assert message["extras"]["client::display"] == {"contentType": "text/markdown"}
        return plain(message["title"]) + markdown(message["message"], mentions=False)
