"""Standard Webhooks signatures, against the reference library and its vectors."""

import base64
import json
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from standardwebhooks import Webhook, WebhookVerificationError

from notifiers.channels.signature import keys_of, sign
from tests.places import SHARED

VECTORS = SHARED / "data" / "vectors" / "webhooks" / "standard-webhooks.json"
SECRET = "whsec_" + base64.b64encode(bytes(range(32))).decode()
OTHER = "whsec_" + base64.b64encode(bytes(range(32, 64))).decode()


def vectors(expect: str) -> list[Any]:
    if not VECTORS.is_file():
        return []
    return [
        pytest.param(load, id=load["name"])
        for load in json.loads(VECTORS.read_text())
        if ("headers" in load) == (expect != "sign")
        and (expect == "sign" or load["expect"] == expect)
    ]


if VECTORS.is_file():

    @pytest.mark.parametrize("vector", vectors("sign"))
    def test_we_sign_as_the_vectors_do(vector: dict[str, Any]) -> None:
        made = sign(
            vector["id"],
            vector["timestamp"],
            vector["payload"].encode(),
            keys_of(vector["secret"]),
        )
        assert made == vector["expect"]

    @pytest.mark.parametrize("vector", vectors("accept"))
    def test_what_the_vectors_accept_is_what_we_sign(vector: dict[str, Any]) -> None:
        headers = vector["headers"]
        made = sign(
            headers["webhook-id"],
            int(headers["webhook-timestamp"]),
            vector["payload"].encode(),
            keys_of(vector["secret"]),
        )
        assert made in headers["webhook-signature"].split(" ")


@given(payload=st.text(st.characters(exclude_categories=["Cs"])), id=st.uuids())
def test_the_reference_library_accepts_every_body(payload: str, id: object) -> None:
    now = int(datetime.now(UTC).timestamp())
    headers = {
        "webhook-id": f"msg_{id}",
        "webhook-timestamp": str(now),
        "webhook-signature": sign(f"msg_{id}", now, payload.encode(), keys_of(SECRET)),
    }
    Webhook(SECRET).verify(payload.encode(), headers, json_parse=False)


def test_during_a_rotation_both_secrets_sign() -> None:
    now = int(datetime.now(UTC).timestamp())
    headers = {
        "webhook-id": "msg_1",
        "webhook-timestamp": str(now),
        "webhook-signature": sign("msg_1", now, b"{}", keys_of(f"{SECRET}\n{OTHER}\n")),
    }
    for secret in (SECRET, OTHER):
        Webhook(secret).verify(b"{}", headers)
    stranger = Webhook("whsec_" + base64.b64encode(bytes(32)).decode())
    with pytest.raises(WebhookVerificationError):
        stranger.verify(b"{}", headers)


@pytest.mark.parametrize(
    ("secret", "keys"),
    [
        pytest.param(SECRET, (bytes(range(32)),), id="base64 after the prefix"),
        pytest.param("whsec_AAEC", (b"\0\1\2",), id="a short one after the prefix"),
        pytest.param(SECRET.removeprefix("whsec_"), (bytes(range(32)),), id="without the prefix"),
        pytest.param(SECRET.rstrip("="), (bytes(range(32)),), id="without padding"),
        pytest.param("open sesame!", (b"open sesame!",), id="a raw one"),
        pytest.param("mysecret", (b"mysecret",), id="a raw one that could be base64"),
        pytest.param("låskod", ("låskod".encode(),), id="a raw one outside ASCII"),
        pytest.param("\n a1!\r\n\n b2!\n", (b"a1!", b"b2!"), id="one a line"),
    ],
)
def test_what_a_secret_stands_for(secret: str, keys: tuple[bytes, ...]) -> None:
    assert keys_of(secret) == keys


@pytest.mark.parametrize("secret", ["", " \n", "whsec_", "whsec_not*base64*"])
def test_a_secret_that_cannot_be_one_is_refused_without_being_shown(secret: str) -> None:
    with pytest.raises(ValueError, match="the secret") as caught:
        keys_of(secret)
    assert "not*base64" not in str(caught.value)
