"""How a running API is reached: without keys only from this machine; with keys from pages of origins that were named."""

from collections.abc import AsyncIterator

import pytest

from pipeline.settings import StoreSettings
from tests.integration.flow import Flow, run_flow
from tests.integration.test_api import TEXT

ORIGIN = "https://app.example"


@pytest.fixture
async def flow(settings: StoreSettings) -> AsyncIterator[Flow]:
    options = {"cors_origins": ORIGIN, "public_url": "https://translate.example/api/"}
    async with run_flow(settings, api=options) as running:
        yield running


async def test_without_keys_only_this_machine_is_served(flow: Flow) -> None:
    assert (await flow.http.post("/v1/documents?id=d", content="Ja.", headers=TEXT)).status_code == 202
    for headers in ({"Host": "evil.example"}, {"X-Forwarded-For": "192.0.2.1"}):
        for path in ("/v1/documents", "/v1/documents/d/text", "/", "/v2/usage", "/languages"):
            assert (await flow.http.get(path, headers=headers)).status_code in (403, 421), (path, headers)
    foreign = TEXT | {"Origin": "https://evil.example"}
    for path in ("/v1/documents", "/v1/documents/d/cancel", "/translate", "/v2/translate"):
        assert (await flow.http.post(path, content="Ja.", headers=foreign)).status_code == 403, path
    # Its own page.
    own = {"Origin": str(flow.http.base_url).rstrip("/"), "Sec-Fetch-Site": "same-origin"}
    assert (await flow.http.post("/v1/documents", content="Ja.", headers=TEXT | own)).status_code == 202


@pytest.mark.parametrize(
    ("method", "path"),
    [("POST", "/v1/documents"), ("DELETE", "/v1/documents/d"), ("POST", "/translate"), ("POST", "/v2/translate")],
)
async def test_pages_of_named_origins_may_use_the_api(flow: Flow, method: str, path: str) -> None:
    asking = {"Access-Control-Request-Method": method, "Access-Control-Request-Headers": "authorization,content-type"}
    answer = await flow.http.options(path, headers=asking | {"Origin": ORIGIN})
    assert answer.status_code == 200
    assert answer.headers["access-control-allow-origin"] == ORIGIN
    assert method in answer.headers["access-control-allow-methods"]
    other = await flow.http.options(path, headers=asking | {"Origin": "https://evil.example"})
    assert "access-control-allow-origin" not in other.headers
    answer = await flow.http.request(method, path, headers={"Origin": ORIGIN, **TEXT}, content="Ja.")
    assert answer.headers["access-control-allow-origin"] == ORIGIN
    assert answer.status_code not in (403, 421)


async def test_without_origins_no_page_of_another_may_read_answers(settings: StoreSettings) -> None:
    async with run_flow(settings, ("api",)) as running:
        answer = await running.http.get("/v1/documents", headers={"Origin": ORIGIN})
        assert answer.status_code == 200
        assert "access-control-allow-origin" not in answer.headers


async def test_addresses_in_answers_are_those_that_others_reach(flow: Flow) -> None:
    answer = await flow.http.post(
        "/translate_file", data={"source": "de", "target": "en"}, files={"file": ("a.txt", b"Ja.")}
    )
    assert answer.status_code == 200, answer.text
    assert answer.json()["translatedFileUrl"].startswith("https://translate.example/api/download_file/")
