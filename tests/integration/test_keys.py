"""Keys on a running pipeline: made, changed, revoked, and when they are needed."""

import asyncio
import itertools
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

import api.__main__ as api_main
from api.keys import KNOWN_FOR
from pipeline.errors import SetupError
from pipeline.settings import StoreSettings
from store.accounts.keys import KeyStore
from store.collections import Collections
from tests.integration.flow import Flow, run_flow
from tests.integration.holders import (
    Holder,
    done,
    flow,
    holder,
    store,
    submit,
    usage,
)
from tests.integration.test_api import TEXT, problem
from tests.waiting import eventually

# Fixtures.
__all__ = ["flow", "store"]


async def test_what_was_opened_with_a_key_ends_when_it_is_revoked(settings: StoreSettings, store: KeyStore) -> None:
    names = ("segmenter", "sink", "api")
    async with run_flow(settings, names, api={"require_keys": "yes"}) as flow, run_flow(settings, ("translator",)):
        by = await holder(store)
        sent = await flow.http.post(
            "/translate_file",
            data={"source": "de", "target": "en", "api_key": by.key},
            files={"file": ("a.txt", b"Ja.")},
        )
        download = sent.json()["translatedFileUrl"]
        assert (await flow.http.get(download)).status_code == 200
        # Of this one a part is missing, so its events have no end.
        await flow.http.put("/v1/documents/open/parts/0", content="Ja.", headers=TEXT | by.headers)
        async with flow.http.stream("GET", "/v1/documents/open/events", headers=by.headers, timeout=60) as events:
            assert events.status_code == 200
            assert await store.revoke(by.id)

            async def end() -> None:
                async for _ in events.aiter_bytes():
                    pass

            await asyncio.wait_for(end(), 40)
        assert (await flow.http.get(download)).status_code == 404


async def test_admins_see_everything_and_others_no_dead_letters(
    settings: StoreSettings, store: KeyStore, tmp_path: Path
) -> None:
    in_file = tmp_path / "keys"
    in_file.write_text("an-example-of-a-key\n")
    admin, plain = await holder(store, admin=True), await holder(store)
    from_file = Holder("", "an-example-of-a-key")
    async with run_flow(settings, api={"api_keys_file": in_file}) as flow:
        await submit(flow, plain, "plain", "Von einem Schlüssel.")
        await flow.put(b'{"id": "free", "text": "Aus Kafka."}')
        await flow.put(b'{"id": "broken", "text": 7}')
        for by in (admin, from_file):
            for document in ("plain", "free"):
                await done(flow, by, document)

            async def letters(by: Holder = by) -> bool:
                return bool((await flow.http.get("/v1/dead-letters", headers=by.headers)).json()["items"])

            await eventually(letters, within=60, what="the dead letter")
        await problem(flow, "GET", "/v1/documents/free", 404, "not-found", headers=plain.headers)
        found = await problem(flow, "GET", "/v1/dead-letters", 403, "forbidden", headers=plain.headers)
        assert "admin key" in found["detail"]
        for method, path in (("GET", "/v1/models"), ("POST", "/v1/models/reload")):
            await problem(flow, method, path, 403, "forbidden", headers=plain.headers)
            assert (await flow.http.request(method, path, headers=admin.headers)).is_success
        assert (await usage(flow, from_file))["characters"]["limit"] is None
        assert (await flow.http.delete("/v1/documents/plain", headers=admin.headers)).status_code == 204


async def test_a_revoked_key_ends_within_seconds(flow: Flow, store: KeyStore) -> None:
    by, admin = await holder(store), await holder(store, admin=True)
    assert (await submit(flow, by, "kept", "Das bleibt.")).status_code == 202
    assert await store.revoke(by.id)

    async def refused() -> bool:
        return (await flow.http.get("/v1/documents", headers=by.headers)).status_code == 401

    await eventually(refused, within=15, what="the end of the key")
    await done(flow, admin, "kept")


def keys_command(settings: StoreSettings, *arguments: str) -> "subprocess.CompletedProcess[str]":
    environment = {"SATZSTROM_MONGODB": settings.mongodb, "SATZSTROM_DATABASE": settings.database}
    return subprocess.run(
        [sys.executable, "-m", "producer", "keys", *arguments],
        env=os.environ | environment, capture_output=True, text=True, timeout=60, check=False,
    )  # fmt: skip


async def test_keys_are_made_changed_and_revoked(settings: StoreSettings, flow: Flow, collections: Collections) -> None:
    made = await asyncio.to_thread(
        keys_command, settings, "create", "web page", "--characters", "1000", "--requests", "60", "--documents", "5"
    )
    by = Holder("", made.stdout.strip())
    assert by.key.startswith("satz_")
    entries = [entry async for entry in collections.keys.find()]
    assert by.key not in repr(entries), "the store does not know the key"
    assert (await submit(flow, by, "one", "Ein Satz.")).status_code == 202
    await done(flow, by, "one")
    found = await usage(flow, by)
    assert (found["name"], found["requests_per_minute"], found["admin"]) == ("web page", 60, False)
    listing = await asyncio.to_thread(keys_command, settings, "list", "--json")
    (entry,) = json.loads(listing.stdout)
    assert (entry["id"], entry["characters"]) == (found["key"], {"used": 9, "limit": 1000})
    assert entry["documents"] == {"under_way": 0, "limit": 5}
    table = await asyncio.to_thread(keys_command, settings, "list")
    assert "9 of 1,000" in table.stdout
    changed = await asyncio.to_thread(
        keys_command, settings, "change", entry["id"], "--characters", "12", "--requests", "any"
    )
    assert "characters 12, requests any, documents 5;" in changed.stderr
    listing = await asyncio.to_thread(keys_command, settings, "list", "--json")
    (entry,) = json.loads(listing.stdout)
    assert (entry["characters"], entry["requests_per_minute"]) == ({"used": 9, "limit": 12}, None)

    names = (f"more-{number}" for number in itertools.count())

    async def refused() -> bool:
        # Each under a name of its own: what was taken once costs nothing the second time.
        return (await submit(flow, by, next(names), "Zu lang für den Rest.")).status_code == 429

    await eventually(refused, within=KNOWN_FOR + 5, what="an API that goes by the new limits")
    for arguments, reason in (
        ((entry["id"],), "say what to change"),
        ((entry["id"], "--requests", "0"), "a number from 1"),
        (("nobody", "--requests", "1"), "there is no key 'nobody'"),
    ):
        assert reason in (await asyncio.to_thread(keys_command, settings, "change", *arguments)).stderr
    assert (await asyncio.to_thread(keys_command, settings, "revoke", entry["id"])).returncode == 0
    table = await asyncio.to_thread(keys_command, settings, "list")
    assert "revoked" in table.stdout
    unknown = await asyncio.to_thread(keys_command, settings, "revoke", "nobody")
    assert (unknown.returncode, unknown.stderr) == (
        1, "satzstrom: there is no key 'nobody'; satzstrom keys list shows their ids\n",
    )  # fmt: skip


async def test_whoever_lets_others_reach_the_api_needs_keys(settings: StoreSettings, store: KeyStore) -> None:
    open_to_others = api_main.ApiSettings(**settings.model_dump(), host="0.0.0.0", port=0)
    with pytest.raises(SetupError, match="satzstrom keys create"):
        await api_main.run(open_to_others, asyncio.Event())
    by = await holder(store)
    async with run_flow(settings, ("api",), api={"host": "0.0.0.0"}) as flow:
        await problem(flow, "GET", "/v1/documents", 401, "unauthorized")
        assert (await flow.http.get("/v1/documents", headers=by.headers)).status_code == 200
    async with run_flow(settings, ("api",), api={"host": "0.0.0.0", "require_keys": "no"}) as flow:
        assert (await flow.http.get("/v1/documents")).status_code == 200
        found = (await flow.http.get("/v1/usage")).json()
        assert (found["key"], found["characters"]) == (None, None)
    async with run_flow(settings, ("api",), api={"published_host": "translate.example.org"}) as flow:
        await problem(flow, "GET", "/v1/documents", 401, "unauthorized")
