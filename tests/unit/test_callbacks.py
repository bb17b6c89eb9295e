"""Callbacks as far as no other server is needed: which addresses, what signs them, and whatever an address does."""

import asyncio
import json
from collections.abc import AsyncIterator, Callable, Coroutine
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, cast

import httpx
import pytest
from standardwebhooks import Webhook, WebhookVerificationError

from api.callbacks import sending
from api.callbacks.addresses import is_public
from api.callbacks.secrets import CallbackSecrets, read_callback_secrets, signed
from api.callbacks.sending import CallbackError, CallbackSender
from pipeline.errors import SetupError
from store.accounts.rotations import GRACE, Rotation, RotationStore

SECRET = b"a secret of more than 24 bytes"

SPECIAL = [
    "0.0.0.0", "10.0.0.1", "100.64.0.1", "127.0.0.1", "169.254.169.254", "172.31.255.255", "192.0.0.192", "192.0.0.9",
    "192.0.2.1", "192.31.196.1", "192.52.193.1", "192.88.99.1", "192.168.0.1", "192.175.48.1", "198.18.0.1", "198.19.0.1",
    "198.51.100.1", "203.0.113.1", "224.0.0.1", "239.1.1.1", "240.0.0.1", "255.255.255.255",
    "::", "::1", "::127.0.0.1", "::8.8.8.8", "::ffff:10.0.0.1", "::ffff:0:127.0.0.1", "::ffff:0:0:1",
    "64:ff9b::10.0.0.1", "64:ff9b::808:808", "64:ff9b:1::10.0.0.1", "100::1", "100:0:0:1::1", "2001::1", "2001:2::1",
    "2001:10::1", "2001:20::1", "2001:1ff::1", "2001:db8::1", "2002:7f00:1::", "2002:808:808::", "2620:4f:8000::1",
    "3fff::1", "5f00::1", "fc00::1", "fd00::1", "fe80::1", "fe80::1%eth0", "fec0::1", "feff::1", "ff02::1",
]  # fmt: skip


@pytest.mark.parametrize("address", SPECIAL)
def test_special_addresses_are_not_public(address: str) -> None:
    assert not is_public(address)


@pytest.mark.parametrize(
    "address", ["8.8.8.8", "93.184.215.14", "100.128.0.1", "172.32.0.1", "192.0.1.1", "2001:4860:4860::8888", "2606::1"]
)
def test_others_are_public(address: str) -> None:
    assert is_public(address)


@pytest.fixture
async def strict() -> AsyncIterator[CallbackSender]:
    made = CallbackSender(allow_private=False)
    yield made
    await made.close()


@pytest.fixture
async def lenient() -> AsyncIterator[CallbackSender]:
    made = CallbackSender(allow_private=True)
    yield made
    await made.close()


ODD = [
    "https://1.1.1.1:0/",
    "https://1.1.1.1:65536/",
    "https://1.1.1.1:99999999999999999999/",
    "https://xn--/",
    "https://xn--a/",
    "https://a\u200db\u00df.\u0301/",
    "https://" + "a" * 64 + ".example/",
    "https://" + "a." * 200 + "/",
    "https://\ud800/",
    "https://a\x00b/",
    "https://[::1/",
    "https://.../",
]


@pytest.mark.parametrize("url", ODD, ids=ascii)
async def test_odd_addresses_are_refused(lenient: CallbackSender, url: str) -> None:
    with pytest.raises(CallbackError):
        await lenient.check(url)
    failure = await lenient.send(url, "name", {}, [SECRET])
    assert failure is not None


@pytest.mark.parametrize(
    "url", ["https://localhost/", "https://10.0.0.1/", "https://[fec0::1]/", "https://no.invalid/"]
)
async def test_senders_cannot_tell_names_inside_apart(strict: CallbackSender, url: str) -> None:
    with pytest.raises(CallbackError) as refused:
        await strict.check(url)
    assert refused.value.vague == "callback_url has to name a host of the open network"
    failure = await strict.send(url, "name", {}, [SECRET])
    assert failure is not None
    assert failure.vague == refused.value.vague


@pytest.mark.parametrize(
    "error",
    [
        OverflowError("getsockaddrarg: port must be 0-65535."),
        ExceptionGroup("several attempts", [OSError("one"), OverflowError("another")]),
        UnicodeError("label empty or too long"),
        ValueError("anything"),
        RuntimeError("anything"),
        httpx.StreamClosed(),
    ],
    ids=lambda error: type(error).__name__,
)
async def test_whatever_sending_raises_is_one_attempt_that_failed(
    lenient: CallbackSender, monkeypatch: pytest.MonkeyPatch, error: Exception
) -> None:
    async def fail(*_: Any) -> None:
        raise error

    monkeypatch.setattr(httpx.AsyncHTTPTransport, "handle_async_request", fail)
    failure = await lenient.send("http://127.0.0.1:9/", "name", {}, [SECRET])
    assert failure is not None
    assert failure.vague == "the address did not take the message"
    assert type(error).__name__ in failure.detail


Answer = Callable[[asyncio.StreamReader, asyncio.StreamWriter], Coroutine[Any, Any, None]]


@asynccontextmanager
async def server(answer: Answer) -> AsyncIterator[str]:
    serving = await asyncio.start_server(answer, "127.0.0.1", 0)
    yield f"http://127.0.0.1:{serving.sockets[0].getsockname()[1]}/"
    serving.close()


async def _drip(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """Answer with one header after the other, without end."""
    writer.write(b"HTTP/1.1 204 No Content\r\n")
    while not writer.is_closing():
        writer.write(b"X-Drip: 1\r\n")
        try:
            await writer.drain()
        except ConnectionError:
            break
        await asyncio.sleep(0.05)


async def _say_nothing(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    await reader.read()
    writer.close()


@pytest.mark.parametrize("answer", [_drip, _say_nothing])
async def test_a_whole_exchange_has_one_deadline(
    lenient: CallbackSender, monkeypatch: pytest.MonkeyPatch, answer: Answer
) -> None:
    monkeypatch.setattr(sending, "_DEADLINE", 0.3)
    async with server(answer) as url:
        failure = await asyncio.wait_for(lenient.send(url, "name", {}, [SECRET]), 5)
    assert failure is not None
    assert failure.detail == "no answer within 0.3 s"


async def test_cookies_of_receivers_are_not_kept(lenient: CallbackSender) -> None:
    heads: list[bytes] = []

    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        heads.append(await reader.readuntil(b"\r\n\r\n"))
        writer.write(b"HTTP/1.1 204 No Content\r\nSet-Cookie: a=b\r\n\r\n")
        await writer.drain()
        writer.close()

    async with server(answer) as url:
        assert await lenient.send(url, "one", {}, [SECRET]) is None
        assert await lenient.send(url, "two", {}, [SECRET]) is None
    assert len(heads) == 2
    assert b"cookie" not in heads[1].lower()


class Rotations:
    """Stands for a store of rotations."""

    def __init__(self) -> None:
        self.known: dict[str, Rotation] = {}

    async def get(self, key: str) -> Rotation:
        return self.known.get(key, Rotation())

    async def rotate(self, key: str) -> Rotation:
        self.known[key] = Rotation((await self.get(key)).number + 1, datetime.now(UTC))
        return self.known[key]


def test_the_library_of_standard_webhooks_verifies_what_is_signed() -> None:
    secrets = CallbackSecrets([SECRET], cast("RotationStore", Rotations()))

    async def check() -> None:
        (alice,) = await secrets.of("alice")
        (bob,) = await secrets.of("bob")
        body = json.dumps({"type": "test"}).encode()
        headers = signed("document-x", body, [alice.value])
        assert Webhook(alice.written).verify(body, headers) == {"type": "test"}
        with pytest.raises(WebhookVerificationError):
            Webhook(bob.written).verify(body, headers)
        (of_the_file,) = await secrets.of(None)
        with pytest.raises(WebhookVerificationError):
            Webhook(of_the_file.written).verify(body, headers)

    asyncio.run(check())


async def test_after_a_rotation_both_verify_for_a_day() -> None:
    rotations = Rotations()
    secrets = CallbackSecrets([SECRET], cast("RotationStore", rotations))
    (before,) = await secrets.of("alice")
    now, old = await secrets.rotate("alice")
    assert (now.until, old.written) == (None, before.written)
    assert old.until is not None
    assert await secrets.of("alice") == [now, old]
    headers = signed("document-x", b"{}", [now.value, old.value])
    for secret in (now, before):
        assert Webhook(secret.written).verify(b"{}", headers) == {}
    newest, second = await secrets.rotate("alice")
    assert second.written == now.written
    rotations.known["alice"] = Rotation(2, datetime.now(UTC) - GRACE - timedelta(seconds=1))
    assert await secrets.of("alice") == [newest]


async def test_the_file_may_have_two_secrets_and_writes_them_as_the_libraries_do(tmp_path: Path) -> None:
    path = tmp_path / "secret"
    path.write_text("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw\na secret of more than 24 bytes\n")
    secrets = CallbackSecrets(read_callback_secrets(path), cast("RotationStore", Rotations()))
    new, old = await secrets.of(None)
    assert new.written == "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
    headers = signed("document-x", b"{}", [new.value, old.value])
    for secret in (new, old):
        assert Webhook(secret.written).verify(b"{}", headers) == {}
    assert len(await secrets.of("alice")) == 2


@pytest.mark.parametrize(
    "content", ["short", "whsec_c2hvcnQ=", "whsec_*", "a" * 30 + "\n" + "b" * 30 + "\n" + "c" * 30]
)
def test_a_file_that_cannot_be_used_is_said(tmp_path: Path, content: str) -> None:
    path = tmp_path / "secret"
    path.write_text(content)
    with pytest.raises(SetupError, match="SATZSTROM_CALLBACK_SECRET_FILE"):
        read_callback_secrets(path)
