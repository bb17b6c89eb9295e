"""Senders are told when their documents have come to their end."""

import asyncio
import base64
import json
import os
from collections.abc import AsyncIterator
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from standardwebhooks import Webhook, WebhookVerificationError

from api.callbacks.sending import CallbackError, CallbackSender
from embedded.ports import free_port
from pipeline.settings import StoreSettings
from store.accounts.keys import KeyStore
from store.collections import Collections
from store.documents.callbacks import CallbackStore
from tests.integration.flow import Flow, run_flow
from tests.integration.holders import Holder, holder
from tests.integration.test_api import TEXT, problem
from tests.waiting import eventually

SECRET = "a secret of more than 24 bytes"
WRITTEN = "whsec_" + base64.b64encode(SECRET.encode()).decode()
"""The same as the libraries of Standard Webhooks take it."""


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


class Keyed(NamedTuple):
    """A pipeline that asks for keys, and two holders of some."""

    flow: Flow
    alice: Holder
    bob: Holder


@pytest.fixture
async def keyed(settings: StoreSettings, collections: Collections, tmp_path: Path) -> AsyncIterator[Keyed]:
    secret = tmp_path / "secret"
    secret.write_text(SECRET)
    store = KeyStore(collections)
    options = {"require_keys": "yes", "callback_secret_file": secret, "callback_private": True}
    async with run_flow(settings, api=options) as running:
        yield Keyed(running, await holder(store), await holder(store))


def check_signature(message: Message, secret: str = WRITTEN) -> dict[str, Any]:
    found: dict[str, Any] = Webhook(secret).verify(message.body, message.headers)
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


async def test_each_key_signs_with_a_secret_of_its_own(keyed: Keyed, receiver: Receiver) -> None:
    flow, alice, bob = keyed
    (mine,) = (await flow.http.get("/v1/callbacks/secrets", headers=alice.headers)).json()["items"]
    (others,) = (await flow.http.get("/v1/callbacks/secrets", headers=bob.headers)).json()["items"]
    for number, by in enumerate((alice, bob)):
        body = {"text": "Ja.", "callback_url": receiver.url, "metadata": {"number": number}}
        assert (await flow.http.post("/v1/documents", json=body, headers=by.headers)).status_code == 202

    async def told() -> bool:
        return len(receiver.messages) == 2

    await eventually(told, what="both callbacks")
    of = {json.loads(message.body)["data"]["metadata"]["number"]: message for message in receiver.messages}
    check_signature(of[0], mine["secret"])
    check_signature(of[1], others["secret"])
    for message, secret in ((of[0], others["secret"]), (of[1], mine["secret"]), (of[0], WRITTEN)):
        with pytest.raises(WebhookVerificationError):
            check_signature(message, secret)

    receiver.messages.clear()
    now, before = (await flow.http.post("/v1/callbacks/secrets", headers=alice.headers)).json()["items"]
    assert (before["secret"], now["until"]) == (mine["secret"], None)
    await flow.http.post("/v1/callbacks/test", json={"url": receiver.url}, headers=alice.headers)
    check_signature(receiver.messages[0], now["secret"])
    check_signature(receiver.messages[0], before["secret"])


async def test_keys_of_others_are_told_nothing_of_the_network_inside(keyed: Keyed, receiver: Receiver) -> None:
    flow, alice, _ = keyed
    receiver.statuses = ["501 Not Implemented"]
    urls = [receiver.url, "http://127.0.0.1:1/"]
    found = [
        (await flow.http.post("/v1/callbacks/test", json={"url": url}, headers=alice.headers)).json() for url in urls
    ]
    assert len(receiver.messages) == 1
    assert found[0] == found[1] == {"taken": False, "error": "the address did not take the message", "seconds": None}


async def test_no_receiver_delays_another_and_no_sender_another(keyed: Keyed, receiver: Receiver) -> None:
    flow, alice, bob = keyed
    open_now = most = 0

    async def drip(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        nonlocal open_now, most
        open_now += 1
        most = max(most, open_now)
        writer.write(b"HTTP/1.1 204 No Content\r\n")
        with suppress(ConnectionError):
            while not writer.is_closing():
                writer.write(b"X-Drip: 1\r\n")
                await writer.drain()
                await asyncio.sleep(0.1)
        open_now -= 1

    # Each address of the loopback network is a host of its own.
    hosts = [f"127.0.0.{number}" for number in range(2, 14)]
    port = free_port(30_000 + os.getpid() % 10_000, set())
    async with await asyncio.start_server(drip, hosts, port):
        for number in range(24):
            body = {"text": "Ja.", "callback_url": f"http://{hosts[number % 12]}:{port}/{number}"}
            assert (await flow.http.post("/v1/documents", json=body, headers=alice.headers)).status_code == 202

        async def dripping() -> bool:
            return open_now == len(hosts)

        await eventually(dripping, within=10, what="slow callbacks under way")
        for by in (bob, alice):
            receiver.messages.clear()
            body = {"text": "Nein.", "callback_url": receiver.url}
            assert (await flow.http.post("/v1/documents", json=body, headers=by.headers)).status_code == 202

            async def told() -> bool:
                return bool(receiver.messages)

            # Less than an exchange may take: nobody has waited for one that drips.
            await eventually(told, within=10, what="the callback beside slow ones")
    assert most == len(hosts)


async def test_due_callbacks_are_found_without_reading_documents_under_way(collections: Collections) -> None:
    now = datetime.now(UTC)
    entries = [
        {"_id": f"d{number}", "state": "translating", "owner": "a", "callback": {"url": "x", "host": "slow"}}
        for number in range(2000)
    ]
    await collections.documents.insert_many(entries)
    ended = {"state": "done", "owner": "b", "callback": {"url": "x", "host": "h", "attempts": 0, "due": now}}
    await collections.documents.insert_one({"_id": "ended", **ended})
    store = CallbackStore(collections)
    assert set(await store.owners()) == {None, "b"}
    assert await store.claim("a", {"slow"}) is None
    assert await store.claim("b", {"h"}) is None
    claimed = await store.claim("b", {"another"})
    assert claimed is not None
    assert (claimed.document, claimed.attempt, claimed.owner, claimed.host) == ("ended", 1, "b", "h")
    query = {"owner": "a", "callback.due": {"$lte": now}, "callback.host": {"$nin": ["slow"]}}
    plan = await collections.documents.find(query).explain()
    assert plan["executionStats"]["totalDocsExamined"] == 0
    assert plan["executionStats"]["totalKeysExamined"] <= 5


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
    sender = CallbackSender(allow_private=False)
    with pytest.raises(CallbackError):
        await sender.check(url)
    await sender.close()


async def test_addresses_outside_are_taken() -> None:
    sender = CallbackSender(allow_private=False)
    parsed, address = await sender.check("https://93.184.215.14:8443/hook")
    assert (parsed.host, parsed.port, address) == ("93.184.215.14", 8443, "93.184.215.14")
    await sender.close()
