"""Calls that carry an Idempotency-Key: repeated, they are answered as the first time."""

import json
import re
from collections.abc import Callable
from datetime import datetime, timedelta
from hashlib import sha256

from starlette.exceptions import HTTPException

from monitor.base.errors import Refusal
from storage.access import Call
from storage.api.storage import Storage
from storage.model import stable_id

HEADER = "Idempotency-Key"
REPLAYED = "Idempotent-Replayed"
LONGEST_KEY = 255
KEY_PATTERN = "^[!-~]+$"
KEPT = timedelta(hours=24)
STALE = timedelta(minutes=5)
"""Whoever did a call for so long and has not answered has died in it: it is done again."""

SHOWN_ONCE = "null"
"""Kept instead of an answer that holds a secret."""


def digest_of(*parts: str | bytes) -> str:
    """Return a digest of all of it."""
    whole = sha256()
    for part in parts:
        given = part.encode("utf-8", "surrogatepass") if isinstance(part, str) else part
        whole.update(len(given).to_bytes(8, "big") + given)
    return whole.hexdigest()


def once(
    storage: Storage,
    do: Callable[[], object],
    *,
    key: str,
    caller: str,
    request: str,
    now: datetime,
    is_secret: bool = False,
) -> tuple[object, bool]:
    """Do what is asked for, or return what was answered when it was done; and whether it was.

    A call that is refused or fails has changed nothing, and may be made again with its key.

    Args:
        caller: Who calls: keys of others are others.
        request: A digest of what is asked for.
        is_secret: Whether the answer is shown this once, and not kept.

    Raises:
        HTTPException: The key was used for something else, or it is being done right now.
    """
    if len(key) > LONGEST_KEY or not re.fullmatch(KEY_PATTERN, key):
        raise Refusal(f"{HEADER}: expected up to {LONGEST_KEY} ASCII characters without spaces")
    call = Call(digest=stable_id("call", caller, key), request=request, begun_at=now)
    with storage.transaction() as tx:
        known = tx.calls.begin(call, stale=now - STALE, old=now - KEPT)
    if known is not None:
        return _answered(known, request), True
    try:
        answer = do()
    except BaseException:
        with storage.transaction() as tx:
            tx.calls.drop(call.digest)
        raise
    kept = SHOWN_ONCE if is_secret else json.dumps(answer)
    with storage.transaction() as tx:
        tx.calls.done(call.digest, kept)
    return answer, False


def _answered(known: Call, request: str) -> object:
    if known.request != request:
        raise HTTPException(422, f"{HEADER}: this key was used for another call")
    if known.answer is None:
        raise HTTPException(409, "this is being done right now", headers={"Retry-After": "1"})
    if known.answer == SHOWN_ONCE:
        raise HTTPException(409, "this was done; what it answered is shown once only")
    return json.loads(known.answer)
