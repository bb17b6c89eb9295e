"""Keys and limits, as far as no server is needed."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime
from typing import Any, cast

import httpx
import pytest
from fastapi import FastAPI, Request
from starlette.datastructures import Headers

from api import key_policy, keys, refusals
from api.callers import ADMIN_ONLY, Called
from api.key_policy import KeyPolicy, KeysWanted, is_loopback
from api.keys import KeyGuard, KeyRing, key_of
from pipeline.errors import QuotaError, RateError, SetupError, TooManyDocumentsError
from store.accounts.key_commands import run as run_command
from store.accounts.keys import KeyStore, digest
from store.accounts.usage import UsageStore, month_ends, rate

KEY = "an-example-of-a-key"


@pytest.mark.parametrize(
    ("used_ms", "remaining", "reset", "wait"),
    [
        (0, 6, 0, 0),
        (10_000, 5, 10, 0),
        (10_001, 4, 11, 0),
        (50_000, 1, 50, 0),
        (50_002, 0, 51, 1),
        (60_000, 0, 60, 10),
    ],
)
def test_a_bucket_of_six_requests_a_minute(used_ms: float, remaining: int, reset: int, wait: int) -> None:
    found = rate(used_ms, 6, allowed=True)
    assert (found.remaining, found.reset, found.wait) == (remaining, reset, wait)
    assert refusals.rate_headers(found) == {
        "RateLimit-Policy": '"requests";q=6;w=60',
        "RateLimit": f'"requests";r={remaining};t={reset}',
    }


@pytest.mark.parametrize(
    ("now", "end"),
    [("2024-02-29T23:59:59+00:00", "2024-03-01"), ("2024-12-01T00:00:00+00:00", "2025-01-01"),
     ("2024-12-31T23:30:00-01:00", "2025-02-01")],
)  # fmt: skip
def test_months_end_in_utc(now: str, end: str) -> None:
    assert month_ends(datetime.fromisoformat(now)) == datetime.fromisoformat(end).replace(tzinfo=UTC)


@pytest.mark.parametrize(
    ("header", "key"),
    [
        (f"Bearer {KEY}", KEY),
        (f"bearer   {KEY} ", KEY),
        (f"DeepL-Auth-Key {KEY}", KEY),
        (f"Basic {KEY}", ""),
        (KEY, ""),
        ("", ""),
    ],
)
def test_keys_are_read_from_the_header(header: str, key: str) -> None:
    assert key_of(Headers({"Authorization": header})) == key


@pytest.mark.parametrize(
    ("host", "loopback"),
    [
        ("127.0.0.1", True), ("127.8.8.8", True), ("::1", True), ("[::1]", True), ("localhost", True),
        ("0.0.0.0", False), ("::", False), ("192.168.1.2", False), ("translate.example.org", False), ("", False),
    ],
)  # fmt: skip
def test_what_only_this_machine_reaches(host: str, loopback: bool) -> None:
    assert is_loopback(host) is loopback


@pytest.mark.parametrize(
    ("wanted", "host", "from_file", "required"),
    [
        ("auto", "127.0.0.1", [], False),
        ("auto", "0.0.0.0", [], True),
        ("no", "0.0.0.0", [], False),
        ("yes", "127.0.0.1", [], True),
        ("auto", "127.0.0.1", ["digest"], True),
        ("no", "127.0.0.1", ["digest"], True),
    ],
)
def test_when_keys_are_asked_for(wanted: KeysWanted, host: str, from_file: list[str], required: bool) -> None:
    assert KeyPolicy(wanted, host).required(from_file) is required


class EmptyStore:
    """Stands for a store without keys, and counts how often it is asked."""

    asked = 0

    async def all(self) -> list[Any]:
        return []

    async def find(self, wanted: str) -> None:
        self.asked += 1


def ring(store: EmptyStore, *, required: bool = True) -> KeyRing:
    return KeyRing(cast("KeyStore", store), cast("UsageStore", None), [digest(KEY)], required=required)


async def test_others_are_not_let_in_without_a_word() -> None:
    store, usage = cast("KeyStore", EmptyStore()), cast("UsageStore", None)
    with pytest.raises(SetupError, match=r"satzstrom keys create .* SATZSTROM_REQUIRE_KEYS=no"):
        await key_policy.open_ring(KeyPolicy("auto", "0.0.0.0"), store, usage, [])
    assert (await key_policy.open_ring(KeyPolicy("yes", "0.0.0.0"), store, usage, [])).required
    assert not (await key_policy.open_ring(KeyPolicy("no", "0.0.0.0"), store, usage, [])).required
    assert (await key_policy.open_ring(KeyPolicy("auto", "0.0.0.0"), store, usage, [digest(KEY)])).required


async def test_what_cannot_be_a_key_is_not_looked_up() -> None:
    store = EmptyStore()
    assert await ring(store).resolve("x" * 1000) is None
    assert store.asked == 0
    assert await ring(store).resolve("satz_nobody") is None
    assert store.asked == 1


@pytest.fixture
async def http(monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[httpx.AsyncClient]:
    """An app whose route /own/… takes keys in its query."""
    monkeypatch.setattr(keys, "SELF_AUTHENTICATING", ("/own/",))
    app = FastAPI()
    known = ring(EmptyStore())

    @app.get("/guarded", dependencies=[ADMIN_ONLY])
    @app.get("/own/forgets")
    async def guarded(caller: Called) -> dict[str, Any]:
        return {"id": caller.id, "admin": caller.admin}

    @app.get("/own/asks")
    async def asks(request: Request, api_key: str) -> dict[str, Any]:
        caller = await known.enter(request.scope, api_key)
        assert request.state.caller is caller
        return {"id": caller.id, "admin": caller.admin}

    @app.get("/fails/{how}")
    async def fails(how: str) -> None:
        raise {
            "quota": QuotaError(10, 3, datetime(2999, 1, 1, tzinfo=UTC)),
            "rate": RateError(6, 7),
            "documents": TooManyDocumentsError(2),
        }[how]

    refusals.install(app)
    app.add_middleware(KeyGuard, ring=known)
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://test") as client:
        yield client


async def test_routes_that_take_keys_in_their_own_way_cannot_forget_to(http: httpx.AsyncClient) -> None:
    mine = {"id": f"file-{digest(KEY)[:12]}", "admin": True}
    assert (await http.get("/own/asks", params={"api_key": KEY})).json() == mine
    assert (await http.get("/own/asks", params={"api_key": "wrong"})).status_code == 401
    assert (await http.get("/own/forgets")).status_code == 401
    assert (await http.get("/guarded")).status_code == 401
    assert (await http.get("/guarded", headers={"Authorization": f"Bearer {KEY}"})).json() == mine


@pytest.mark.parametrize(("how", "kind", "wait"), [("rate", "rate-limited", 7), ("documents", "too-many-documents", 5)])
async def test_limits_are_problems_that_say_when_to_come_back(
    http: httpx.AsyncClient, how: str, kind: str, wait: int
) -> None:
    answer = await http.get(f"/fails/{how}", headers={"Authorization": f"Bearer {KEY}"})
    assert (answer.status_code, answer.headers["content-type"]) == (429, "application/problem+json")
    assert answer.json()["type"] == f"urn:satzstrom:problem:{kind}"
    assert answer.headers["retry-after"] == str(wait)


async def test_a_used_up_quota_says_what_is_left_and_until_when(http: httpx.AsyncClient) -> None:
    answer = await http.get("/fails/quota", headers={"Authorization": f"Bearer {KEY}"})
    assert answer.json()["type"] == "urn:satzstrom:problem:quota-exceeded"
    assert "3 are left" in answer.json()["detail"]
    assert "2999-01-01" in answer.json()["detail"]
    assert int(answer.headers["retry-after"]) > 86_400


@pytest.mark.parametrize("wrong", [["create"], ["create", "x", "--characters", "0"], ["revoke"], ["forget", "x"]])
def test_a_wrong_call_is_said_before_anything_is_done(wrong: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        run_command(wrong, cast("Any", None), program="satzstrom keys")
    assert ended.value.code == 2
    assert "satzstrom keys" in capsys.readouterr().err
