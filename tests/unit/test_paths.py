"""Paths and methods as clients write them, and pages of other origins."""

import asyncio
from collections.abc import AsyncIterator

import httpx
import pytest
from fastapi import FastAPI, Request
from fastapi.responses import StreamingResponse

from api import problems
from api.dialects import DialectErrors
from api.origins import CrossOrigin
from api.paths import HeadAsGet, TidyPaths
from api.reach import Reach, ReachGuard

EXTENSION = "moz-extension://2b1e-4c"
PAGE = "https://reader.example"


def app(reach: Reach | None = None, *, keys_required: bool = False) -> FastAPI:
    made = FastAPI(redirect_slashes=False)
    made.state.endless = 0

    @made.api_route("/translate", methods=["POST"])
    @made.get("/languages")
    @made.get("/v1/documents")
    @made.post("/v1/documents", include_in_schema=False)
    @made.get("/")
    async def answer(request: Request) -> dict[str, str]:
        return {"path": request.url.path, "method": request.method}

    @made.get("/endless")
    async def endless() -> StreamingResponse:
        async def ticks() -> AsyncIterator[bytes]:
            try:
                while True:
                    yield b"x"
                    await asyncio.sleep(0)
            finally:
                made.state.endless += 1

        return StreamingResponse(ticks())

    @made.get("/broken")
    async def broken() -> None:
        raise RuntimeError("broken")

    problems.install(made)
    reach = reach or Reach()
    if not keys_required:
        made.add_middleware(ReachGuard, reach=reach)
    made.add_middleware(DialectErrors)
    made.add_middleware(CrossOrigin, reach=reach, keys_required=keys_required)
    made.add_middleware(HeadAsGet)
    made.add_middleware(TidyPaths)
    return made


def client(of: FastAPI | None = None) -> httpx.AsyncClient:
    # What the app raises has been answered before.
    transport = httpx.ASGITransport(of or app(), raise_app_exceptions=False)
    return httpx.AsyncClient(transport=transport, base_url="http://127.0.0.1:8000")


@pytest.mark.parametrize("path", ["/translate", "//translate", "/translate/", "///translate//"])
async def test_a_path_may_have_strokes_too_many(path: str) -> None:
    async with client() as http:
        answer = await http.post(f"http://127.0.0.1:8000{path}")
        assert (answer.status_code, answer.json()["path"]) == (200, "/translate")


async def test_head_is_get_without_the_body() -> None:
    made = app()
    async with client(made) as http:
        for path in ("/", "//", "/languages", "/languages/"):
            get, head = await http.get(path), await http.head(path)
            assert (head.status_code, head.content) == (200, b"")
            assert head.headers == get.headers
        assert (await http.head("/translate")).status_code == 405
        assert (await http.head("/nothing")).status_code == 404
        assert (await http.head("/broken")).status_code == 500
        assert (await http.head("/endless")).status_code == 200
        assert made.state.endless == 1, "it does not go on"


async def test_an_unknown_address_is_answered_in_the_words_of_its_dialect() -> None:
    key = {"Authorization": "DeepL-Auth-Key x:fx"}
    async with client() as http:
        for path, headers, member in (
            ("/v2/nothing", {}, "message"), ("/v3/nothing/at/all", {}, "message"), ("/v4/translate", key, "message"),
            ("/suggest", {}, "error"), ("/translate/this", {}, "error"), ("/v1/nothing", key, "detail"),
            ("/nothing", {}, "detail"),
        ):  # fmt: skip
            answer = await http.get(path, headers=headers)
            assert answer.status_code == 404
            assert member in answer.json(), path


async def test_options_tells_the_methods() -> None:
    async with client() as http:
        answer = await http.options("/languages")
        assert (answer.status_code, answer.content) == (204, b"")
        assert answer.headers["allow"] == "GET, HEAD, OPTIONS"
        assert (await http.options("/nothing")).status_code == 404


def preflight(origin: str) -> dict[str, str]:
    return {
        "Origin": origin,
        "Access-Control-Request-Method": "POST",
        "Access-Control-Request-Headers": "content-type",
    }


async def allowed(http: httpx.AsyncClient, path: str, origin: str) -> bool:
    """Whether a page may ask, is answered, and may read the answer."""
    asked = await http.options(path, headers=preflight(origin))
    answer = await http.post(path, headers={"Origin": origin}, json={})
    may = [one.headers.get("access-control-allow-origin") in ("*", origin) for one in (asked, answer)]
    assert may[0] is may[1] is (answer.status_code == 200 and asked.status_code == 200)
    return may[0]


async def test_without_keys_extensions_may_translate_and_pages_may_not() -> None:
    async with client() as http:
        assert await allowed(http, "/translate", EXTENSION)
        assert await allowed(http, "/translate/", "chrome-extension://abcdefghijklmnop")
        assert not await allowed(http, "/v1/documents", EXTENSION)
        for origin in (PAGE, "null", "https://moz-extension.example", "moz-extension://a/b", "moz-extension://"):
            assert not await allowed(http, "/translate", origin), origin


async def test_pages_that_are_named_may_use_everything() -> None:
    reach = Reach.of(hosts="", origins=PAGE, public_url="", through_proxies=False)
    async with client(app(reach)) as http:
        assert await allowed(http, "/translate", PAGE)
        assert await allowed(http, "/v1/documents", PAGE)
        assert not await allowed(http, "/translate", "https://another.example")


async def test_with_keys_every_page_may_translate_with_one() -> None:
    async with client(app(keys_required=True)) as http:
        for origin in (PAGE, "null", EXTENSION):
            assert await allowed(http, "/translate", origin)
            answer = await http.get("/v1/documents", headers={"Origin": origin})
            assert "access-control-allow-origin" not in answer.headers
