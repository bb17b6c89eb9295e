"""People with keys, and what they ask an API that wants keys."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Any

import httpx
import pytest

from pipeline.settings import StoreSettings
from store.accounts.keys import KeyStore, Limits
from store.collections import Collections
from tests.integration.flow import Flow, run_flow
from tests.integration.test_api import TEXT
from tests.waiting import eventually

SECRET = "Geheimnis"
# Few sentences for many characters: these tests are about characters.
PARAGRAPH = "Ein Absatz mit einem langen Satz" + ", und noch etwas" * 20 + ".\n\n"
WITHOUT_TRANSLATOR = ("segmenter", "sink", "api")


@dataclass(frozen=True)
class Holder:
    """Somebody with a key."""

    id: str
    key: str

    @property
    def headers(self) -> dict[str, str]:
        return {"Authorization": f"Bearer {self.key}"}


@pytest.fixture
async def store(collections: Collections) -> KeyStore:
    return KeyStore(collections)


async def holder(store: KeyStore, *, admin: bool = False, **limits: int) -> Holder:
    made, key = await store.create("of a test", Limits(**limits), admin=admin)
    return Holder(made.id, key)


@pytest.fixture
async def flow(settings: StoreSettings) -> AsyncIterator[Flow]:
    async with run_flow(settings, api={"require_keys": "yes"}) as running:
        yield running


@pytest.fixture
async def two(settings: StoreSettings) -> AsyncIterator[tuple[Flow, Flow]]:
    """Two APIs of one pipeline without a translator, so that documents stay under way."""
    async with (
        run_flow(settings, WITHOUT_TRANSLATOR, api={"require_keys": "yes"}) as first,
        run_flow(settings, ("api",), api={"require_keys": "yes"}) as second,
    ):
        yield first, second


async def submit(flow: Flow, by: Holder, document: str, text: str) -> httpx.Response:
    return await flow.http.post(f"/v1/documents?id={document}", content=text, headers=TEXT | by.headers)


async def usage(flow: Flow, by: Holder) -> dict[str, Any]:
    answer = await flow.http.get("/v1/usage", headers=by.headers)
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    return found


async def state(flow: Flow, by: Holder, document: str) -> dict[str, Any]:
    found: dict[str, Any] = (await flow.http.get(f"/v1/documents/{document}", headers=by.headers)).json()
    return found


async def done(flow: Flow, by: Holder, document: str) -> None:
    async def check() -> bool:
        return (await state(flow, by, document)).get("state") == "done"

    await eventually(check, within=60, what=f"{document} done")
