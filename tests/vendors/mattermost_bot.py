"""A double of Mattermost's API, as far as posts go."""

import re
from typing import Any, ClassVar

from notifiers.api import Failure
from tests.answers import Seen
from tests.vendors.double import CANARY, Meaning, Refused, Said, parsed, said, without
from tests.vendors.mattermost import Mattermost
from tests.vendors.reading import Read

CHANNEL = "c" * 26


def failed(status: int, id_: str) -> Said:
    return said({"id": id_, "message": "...", "status_code": status}, status)


class MattermostBot(Mattermost):
    """Takes posts of a bot; a root is a post that it knows."""

    kind = "mattermost-bot"
    path = f"/api/v4/posts?channel_id={CHANNEL}"
    secret = CANARY
    refusals: ClassVar[dict[str, Meaning]] = {
        "limited": Meaning(
            said=Said(status=429, body="limit exceeded", headers={"Retry-After": "2"}),
            failure=Failure.WAIT,
            seconds=2,
        ),
        "bad token": Meaning(
            said=failed(401, "api.context.session_expired.app_error"), failure=Failure.DISABLED
        ),
        "no permission": Meaning(
            said=failed(403, "api.context.permissions.app_error"), failure=Failure.DISABLED
        ),
        "bad root": Meaning(
            said=failed(400, "api.post.create_post.root_id.app_error"), failure=Failure.PERMANENT
        ),
        "down": Meaning(said=Said(status=503), failure=Failure.RETRY),
    }

    def take(self, seen: Seen) -> Said:
        if seen.headers.get("authorization") != f"Bearer {self.secret}":
            raise Refused(failed(401, "api.context.session_expired.app_error"))
        post = parsed(seen, lambda: failed(400, "api.context.invalid_body_param.app_error"))
        place = re.fullmatch(r"/api/v4/posts/(\w{26})/patch", seen.path)
        if seen.method == "PUT" and place is not None:
            if not self.edit("id", place[1], post):
                raise Refused(failed(404, "app.post.get.app_error"))
            return said({"id": place[1]})
        if post.get("channel_id") != CHANNEL:
            raise Refused(failed(403, "api.context.permissions.app_error"))
        if post.get("root_id", "") not in {"", *(kept["id"] for kept in self.kept)}:
            raise Refused(failed(400, "api.post.create_post.root_id.app_error"))
        id_ = f"{len(self.kept):026d}"
        self.kept.append({**post, "id": id_})
        return Said(status=201, body=f'{{"id":"{id_}"}}')

    def payload(self, seen: Seen) -> bytes:
        return without(seen, "channel_id", "root_id")

    def read(self, message: dict[str, Any]) -> Read:
        return super().read(message["props"])

    def thread_of(self, message: dict[str, Any]) -> object:
        return message.get("root_id")
