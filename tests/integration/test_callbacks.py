"""Senders are told when their documents have come to their end."""

import asyncio
import base64
import hashlib
import hmac
import json
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from api.callbacks.sending import CallbackError, CallbackSender
from pipeline.settings import StoreSettings
from tests.integration.flow import Flow, run_flow
from tests.integration.test_api import TEXT, problem
from tests.waiting import eventually

SECRET = "a secret of more than 24 bytes"


class Message(NamedTuple):
    headers: dict[str, str]
    body: bytes


class Receiver:
    """A real HTTP server that notes what it gets and answers with the next of some statuses."""

    def __init__(self) -> None:
        self.messages: list[Message] = []
        self.statuses: list[str] = []
        self.url = ""

    async def answer(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        head = (await reader.readuntil(b"\r\n\r\n")).decode().split("\r\n")[1:-2]
        headers = {name.lower(): value for name, _, value in (line.partition(": ") for line in head)}
        self.messages.append(Message(headers, await reader.readexactly(int(headers["content-length"]))))
        status = self.statuses.pop(0) if self.statuses else "204 No Content"
        writer.write(f"HTTP/1.1 {status}\r\nContent-Length: 0\r\nConnection: close\r\n\r\n".encode())
        await writer.drain()
        writer.close()


@pytest.fixture
async def receiver() -> AsyncIterator[Receiver]:
    made = Receiver()
    server = await asyncio.start_server(made.answer, "127.0.0.1", 0)
    made.url = f"http://localhost:{server.sockets[0].getsockname()[1]}/hook?from=satzstrom"
    async with server:
        yield made


@pytest.fixture
async def flow(settings: StoreSettings, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> AsyncIterator[Flow]:
    secret = tmp_path / "secret"
    secret.write_text(SECRET)
    monkeypatch.setenv("SATZSTROM_CALLBACK_SECRET_FILE", str(secret))
    monkeypatch.setenv("SATZSTROM_CALLBACK_PRIVATE", "true")
    async with run_flow(settings) as running:
        yield running


def check_signature(message: Message) -> dict[str, Any]:
    headers = message.headers
    signed = f"{headers['webhook-id']}.{headers['webhook-timestamp']}.".encode() + message.body
    digest = hmac.new(SECRET.encode(), signed, hashlib.sha256).digest()
    assert headers["webhook-signature"] == f"v1,{base64.b64encode(digest).decode()}"
    found: dict[str, Any] = json.loads(message.body)
    return found


async def test_a_signed_message_comes_when_a_document_is_done(flow: Flow, receiver: Receiver) -> None:
    body = {"id": "note", "text": "Guten Tag.", "callback_url": receiver.url, "metadata": {"case": 7}}
    assert (await flow.http.post("/v1/documents", json=body)).status_code == 202

    async def told() -> bool:
        return len(receiver.messages) == 1

    await eventually(told, what="the callback")
    message = check_signature(receiver.messages[0])
    assert message["type"] == "document.completed"
    assert (message["data"]["id"], message["data"]["state"]) == ("note", "done")
    assert message["data"]["metadata"] == {"case": 7}
    assert receiver.messages[0].headers["host"] in receiver.url

    async def noted() -> dict[str, Any] | None:
        callback: dict[str, Any] = (await flow.http.get("/v1/documents/note")).json()["callback"]
        return callback if callback["delivered"] else None

    callback = await eventually(noted, what="the note of it")
    assert (callback["attempts"], callback["error"], callback["due"]) == (1, None, None)


async def test_what_is_not_taken_is_tried_again_with_the_same_id(flow: Flow, receiver: Receiver) -> None:
    receiver.statuses = ["500 Internal Server Error"]
    await flow.http.post("/v1/documents", params={"id": "d", "callback_url": receiver.url}, content="Ja.", headers=TEXT)

    async def failed() -> dict[str, Any] | None:
        callback: dict[str, Any] = (await flow.http.get("/v1/documents/d")).json()["callback"]
        return callback if callback["error"] else None

    callback = await eventually(failed, what="the failure")
    assert callback["error"] == "localhost answered 500"
    assert callback["due"] is not None

    async def told_again() -> bool:
        return len(receiver.messages) == 2

    await eventually(told_again, what="the second attempt")
    assert len({message.headers["webhook-id"] for message in receiver.messages}) == 1


async def test_cancelled_documents_are_told_of_too(flow: Flow, receiver: Receiver) -> None:
    body = {"id": "d", "text": "Ja. " * 20_000, "callback_url": receiver.url, "priority": "low"}
    await flow.http.post("/v1/documents", json=body)
    state = (await flow.http.post("/v1/documents/d/cancel")).json().get("state", "done")

    async def told() -> bool:
        return bool(receiver.messages)

    await eventually(told, what="the callback")
    assert check_signature(receiver.messages[0])["data"]["state"] == state


async def test_an_address_can_be_tried(flow: Flow, receiver: Receiver) -> None:
    receiver.statuses = ["204 No Content", "302 Found"]
    taken = (await flow.http.post("/v1/callbacks/test", json={"url": receiver.url})).json()
    assert (taken["taken"], taken["error"]) == (True, None)
    assert check_signature(receiver.messages[0])["type"] == "test"
    refused = (await flow.http.post("/v1/callbacks/test", json={"url": receiver.url})).json()
    assert (refused["taken"], refused["error"]) == (False, "localhost answered 302")
    nobody = (await flow.http.post("/v1/callbacks/test", json={"url": "http://localhost:1/"})).json()
    assert nobody["error"].startswith("ConnectError")
    await problem(flow, "POST", "/v1/callbacks/test", 422, "input", json={"url": "ftp://localhost/"})


async def test_without_a_secret_there_are_no_callbacks(settings: StoreSettings) -> None:
    async with run_flow(settings, ("api",)) as running:
        body = {"text": "Ja.", "callback_url": "https://example.org/"}
        found = await problem(running, "POST", "/v1/documents", 422, "input", json=body)
        assert "SATZSTROM_CALLBACK_SECRET_FILE" in found["detail"]


@pytest.mark.parametrize(
    "url",
    [
        "https://localhost/",
        "https://127.0.0.1/",
        "https://10.1.2.3/",
        "https://192.168.0.1:8443/x",
        "https://169.254.169.254/latest/meta-data",
        "https://[::1]/",
        "https://[fe80::1]/",
        "https://[::ffff:10.0.0.1]/",
        "https://[2002:7f00:1::]/",
        "https://0.0.0.0/",
        "https://2130706433/",
        "http://93.184.215.14/",
        "https://user:secret@93.184.215.14/",
        "file:///etc/passwd",
        "https://",
        "nonsense",
        "https://no-such-host.invalid/",
    ],
)
async def test_addresses_inside_are_refused(url: str) -> None:
    sender = CallbackSender(SECRET.encode(), allow_private=False)
    with pytest.raises(CallbackError):
        await sender.check(url)
    await sender.close()


async def test_addresses_outside_are_taken() -> None:
    sender = CallbackSender(SECRET.encode(), allow_private=False)
    parsed, address = await sender.check("https://93.184.215.14:8443/hook")
    assert (parsed.host, parsed.port, address) == ("93.184.215.14", 8443, "93.184.215.14")
    await sender.close()
