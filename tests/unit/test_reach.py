"""Where no keys are asked for: pages of others, names of others, and proxies."""

from typing import Any

import httpx
import pytest
from fastapi import FastAPI

from api.reach import Reach, ReachGuard
from pipeline.errors import SetupError


def client(reach: Reach) -> httpx.AsyncClient:
    app = FastAPI()

    @app.api_route("/v1/documents", methods=["GET", "POST", "DELETE"])
    @app.get("/livez")
    async def answer() -> dict[str, Any]:
        return {}

    app.add_middleware(ReachGuard, reach=reach)
    return httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://127.0.0.1:8000")


def reach(hosts: str = "", origins: str = "", *, through_proxies: bool = False) -> Reach:
    return Reach.of(hosts=hosts, origins=origins, public_url="", through_proxies=through_proxies)


@pytest.mark.parametrize(
    ("host", "status"),
    [
        ("localhost", 200), ("localhost:8000", 200), ("LOCALHOST:1", 200), ("127.0.0.1:8000", 200), ("[::1]:8000", 200),
        ("[::1]", 200), ("named.example", 200), ("named.example:443", 200),
        ("evil.example", 421), ("evil.example:8000", 421), ("localhost.evil.example", 421), ("127.0.0.1.evil.example", 421),
        ("[::1].evil.example", 421), ("evil.example:127.0.0.1", 421), ("", 421), ("[", 421),
    ],
)  # fmt: skip
async def test_a_name_that_leads_here_by_rebinding_is_not_answered(host: str, status: int) -> None:
    async with client(reach("named.example")) as http:
        answer = await http.get("/v1/documents", headers={"Host": host})
        assert answer.status_code == status
        assert (await http.get("/livez", headers={"Host": host})).status_code == 200


@pytest.mark.parametrize("method", ["POST", "DELETE"])
@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({}, 200),
        ({"Origin": "http://127.0.0.1:8000", "Sec-Fetch-Site": "same-origin"}, 200),
        ({"Origin": "https://friend.example", "Sec-Fetch-Site": "cross-site"}, 200),
        ({"Origin": "https://evil.example"}, 403),
        ({"Origin": "http://127.0.0.1:3000", "Sec-Fetch-Site": "same-site"}, 403),
        ({"Origin": "null"}, 403),
        ({"Sec-Fetch-Site": "cross-site"}, 403),
    ],
)
async def test_pages_of_others_change_nothing(method: str, headers: dict[str, str], status: int) -> None:
    async with client(reach(origins="https://friend.example")) as http:
        assert (await http.request(method, "/v1/documents", headers=headers)).status_code == status
        assert (await http.get("/v1/documents", headers=headers)).status_code == 200


@pytest.mark.parametrize("name", ["Forwarded", "Via", "X-Forwarded-For", "X-Forwarded-Proto", "X-Real-IP"])
async def test_a_proxy_does_not_let_others_in_without_keys(name: str) -> None:
    async with client(reach("*")) as http:
        answer = await http.get("/v1/documents", headers={name: "1"})
        assert answer.status_code == 403
        assert "SATZSTROM_REQUIRE_KEYS=yes" in answer.json()["detail"]
    async with client(reach("*", through_proxies=True)) as http:
        assert (await http.get("/v1/documents", headers={name: "1"})).status_code == 200


def test_settings_that_let_every_page_in_are_refused() -> None:
    reach(origins="*").check(keys_required=True)
    with pytest.raises(SetupError, match="SATZSTROM_CORS_ORIGINS"):
        reach(origins="*").check(keys_required=False)
    with pytest.raises(SetupError, match="SATZSTROM_CORS_ORIGINS"):
        reach(origins="friend.example")
    with pytest.raises(SetupError, match="SATZSTROM_PUBLIC_URL"):
        Reach.of(hosts="", origins="", public_url="friend.example", through_proxies=False)
