"""Requests that were made to break the API: each is answered as documented, and none with 500."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import suppress
from typing import Any

import httpx
import pytest

from pipeline.create_topics import create
from pipeline.settings import StoreSettings
from pipeline.topics import Topics
from tests.integration.flow import Flow, run_flow
from tests.integration.servers import Servers
from tests.lag import AT_MOST, least_lag
from tests.waiting import eventually

KEY = "an-admins-key-of-this-test"
JSON = {"Content-Type": "application/json"}
TEXT = {"Content-Type": "text/plain"}
LONG_BOUNDARY = {"Content-Type": f"multipart/form-data; boundary={'b' * 300}"}
MIXED_BOUNDARY = {"Content-Type": "multipart/form-data; boundary*0=a; boundary*1=b; boundary*=c"}
FORM = {"Content-Type": "multipart/form-data; boundary=b"}
GZIP = {"Content-Encoding": "gzip"}
NESTED = b'{"text":' + b"[" * 100_000 + b"]" * 100_000 + b"}"
SURROGATE = b'"a\\ud800b"'
# A cursor whose place has half of a surrogate pair.
CURSORS = (
    "WyItY3JlYXRlZCIsIlx1ZDgwMCIsImEiXQ==",
    "WyJzZWFyY2giLCJcdWQ4MDAiLCJhIiwiMSJd",
    "W10=",
    "%ed%a0%80",
    "x" * 5000,
)


def charset(name: str) -> dict[str, str]:
    return {"Content-Type": f"text/plain; charset={name}"}


REQUESTS: list[tuple[str, str, str, dict[str, str], bytes, int]] = [
    ("surrogate in a text", "POST", "/v1/documents", JSON, b'{"text":' + SURROGATE + b"}", 422),
    ("surrogate in metadata", "POST", "/v1/documents", JSON, b'{"text":"a","metadata":{"a":' + SURROGATE + b"}}", 422),
    ("surrogate in a name", "POST", "/v1/documents", JSON, b'{"text":"a",' + SURROGATE + b":1}", 422),
    ("surrogate in a language", "POST", "/v1/documents", JSON, b'{"text":"a","source":' + SURROGATE + b"}", 422),
    ("surrogate for DeepL", "POST", "/v2/translate", JSON, b'{"target_lang":"EN","text":[' + SURROGATE + b"]}", 400),
    ("surrogate in a glossary", "POST", "/v2/glossaries", JSON, b'{"name":' + SURROGATE + b"}", 400),
    ("surrogate for LibreTranslate", "POST", "/translate", JSON, b'{"q":' + SURROGATE + b"}", 400),
    ("surrogate as a key", "POST", "/translate", JSON,
     b'{"q":"a","source":"de","target":"en","api_key":' + SURROGATE + b"}", 400),
    ("surrogate to detect", "POST", "/detect", JSON, b'{"q":' + SURROGATE + b"}", 400),
    ("500,000 numbers for texts", "POST", "/v2/translate", JSON,
     b'{"target_lang":"EN","text":[' + b"0," * 500_000 + b"0]}", 400),
    ("500,000 numbers to translate", "POST", "/translate", JSON,
     b'{"source":"de","target":"en","q":[' + b"0," * 500_000 + b"0]}", 400),
    ("5,000 texts", "POST", "/v2/translate", JSON, b'{"target_lang":"EN","text":["' + b'","' * 5000 + b'"]}', 400),
    ("5,000 tags", "POST", "/v2/translate", JSON,
     b'{"target_lang":"EN","text":"a","ignore_tags":["' + b'","' * 5000 + b'"]}', 400),
    ("100,000 unknown fields", "POST", "/v1/documents", JSON,
     b'{"text":"a",' + b",".join(b'"f%d":0' % number for number in range(100_000)) + b"}", 422),
    ("deep nesting", "POST", "/v1/documents", JSON, NESTED, 422),
    ("deep nesting for DeepL", "POST", "/v2/translate", JSON, NESTED, 400),
    ("deep nesting for LibreTranslate", "POST", "/translate", JSON, NESTED, 400),
    ("deep metadata", "POST", "/v1/documents", JSON, b'{"text":"a","metadata":{"a":' + b"[" * 500 + b"]" * 500 + b"}}", 422),
    ("a number of 5,000 digits", "POST", "/v1/documents", JSON, b'{"text":"a","metadata":{"a":' + b"9" * 5000 + b"}}", 422),
    ("an infinite number", "POST", "/translate", JSON, b'{"q":"a","source":"de","target":"en","alternatives":1e999}', 400),
    ("a boundary of 300 characters", "POST", "/v1/documents", LONG_BOUNDARY, b"", 422),
    ("the same for a batch", "POST", "/v1/batches", LONG_BOUNDARY, b"", 422),
    ("the same for DeepL", "POST", "/v2/document", LONG_BOUNDARY, b"", 400),
    ("the same for LibreTranslate", "POST", "/translate_file", LONG_BOUNDARY, b"", 400),
    ("the same for fields", "POST", "/translate", LONG_BOUNDARY, b"", 400),
    ("a boundary in parts without order", "POST", "/v1/documents", MIXED_BOUNDARY, b"", 415),
    ("a Content-Type of 60 KB", "POST", "/v1/documents", {"Content-Type": "a" + ";" * 60_000}, b"", 415),
    ("a query of 5,000 names", "POST", "/translate?" + "&".join(f"a{number}" for number in range(5000)), JSON, b"{}", 400),
    ("a packed text", "POST", "/v1/documents", TEXT | GZIP, b"x", 415),
    ("packed JSON", "POST", "/v1/documents", JSON | GZIP, b"x", 415),
    ("a packed part", "PUT", "/v1/documents/packed/parts/0", TEXT | GZIP, b"x", 415),
    ("packed for DeepL", "POST", "/v2/translate", JSON | GZIP, b"x", 415),
    ("packed for LibreTranslate", "POST", "/translate", JSON | GZIP, b"x", 400),
    *((f"charset {name}", "POST", "/v1/documents", charset(name), b"-b" * 100_000, 422)
      for name in ("punycode", "idna", "zip", "utf-7", "unicode_escape", "raw_unicode_escape", "undefined", "rot13")),
    *((f"cursor {cursor[:20]}", "GET", f"{path}after={cursor}", {}, b"", 422)
      for cursor in CURSORS for path in ("/v1/documents?", "/v1/search?q=a&")),
    ("a place of 7 digits", "GET", "/v1/documents/none/sentences?after=9999999.9999999", {}, b"", 404),
    ("a number of 19 digits for a part", "PUT", f"/v1/documents/a/parts/{'9' * 19}", TEXT, b"x", 422),
    ("a port that is none", "POST", "/v1/documents?callback_url=https://192.0.2.1:65536/", TEXT, b"x", 422),
    ("a name that is none", "POST", "/v1/documents?callback_url=https://xn--/", TEXT, b"x", 422),
    *((f"dictionaries twice: {said!r}", "POST", "/v3/glossaries?dictionaries[0].source_lang=DE", JSON,
       b'{"name":"x","dictionaries":%b}' % said, 400) for said in (b"null", b'"y"', b"{}", b"[]")),
    ("20,000 texts", "POST", "/v2/translate", JSON, b'{"target_lang":"EN","text":["' + b'","' * 20_000 + b'"]}', 400),
    ("metadata of 100 KB in a query's way", "POST", "/v1/documents", {"Content-Type": "multipart/form-data; boundary=b"},
     b'--b\r\nContent-Disposition: form-data; name="metadata"\r\n\r\n{"a":[' + b"[]," * 40_000 + b"[]]}\r\n--b\r\n"
     b'Content-Disposition: form-data; name="text"\r\n\r\na\r\n--b--\r\n', 422),
]  # fmt: skip


@pytest.fixture(scope="module", params=["keys", "no keys"])
async def flow_hostile(
    request: pytest.FixtureRequest, servers: Servers, tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[Flow]:
    """One API for requests that leave nothing behind, with keys and without."""
    keyed = request.param == "keys"
    name = "hostilekeys" if keyed else "hostile"
    await create(servers.clients, Topics(f"{name}."))
    common = StoreSettings(
        kafka=servers.kafka,
        mongodb=servers.mongodb,
        topic_prefix=f"{name}.",
        database=name,
        start_timeout=20,
        log_level="INFO",
    )
    folder = tmp_path_factory.mktemp("hostile")
    keys, secret = folder / "keys", folder / "secret"
    keys.write_text(KEY)
    secret.write_text("a secret of more than 24 bytes")
    api = {"callback_secret_file": secret}
    async with run_flow(common, ("translator", "api"), keys=keys if keyed else None, api=api) as running:
        if keyed:
            running.http.headers["Authorization"] = f"Bearer {KEY}"
        yield running


@pytest.mark.parametrize(
    ("name", "method", "path", "headers", "body", "status"), REQUESTS, ids=[one[0] for one in REQUESTS]
)
async def test_a_hostile_request_gets_the_documented_error(
    flow_hostile: Flow, name: str, method: str, path: str, headers: dict[str, str], body: bytes, status: int
) -> None:
    answer = await flow_hostile.http.request(method, path, headers=headers, content=body)
    assert answer.status_code == status, (name, answer.text[:500])
    assert len(answer.content) < 10_000
    problem: dict[str, Any] = answer.json()
    if path.startswith("/v1"):
        assert answer.headers["content-type"] == "application/problem+json"
        assert problem["status"] == status
        assert problem["detail"]
        assert len(problem.get("errors", [])) <= 10
    else:
        assert problem["message" if path.startswith(("/v2", "/v3")) else "error"]


async def test_a_length_of_19_digits_is_no_length(flow_hostile: Flow) -> None:
    http = flow_hostile.http
    key = f"Authorization: {http.headers['Authorization']}\r\n" if "Authorization" in http.headers else ""
    _, writer = await asyncio.open_connection(http.base_url.host, http.base_url.port)
    try:
        head = f"POST /v1/documents?id=long HTTP/1.1\r\nHost: 127.0.0.1\r\n{key}Content-Type: text/plain\r\n"
        writer.write(f"{head}Content-Length: {'9' * 19}\r\n\r\n".encode() + b"Guten Tag. " * 20_000)

        async def there() -> bool:
            return (await http.get("/v1/documents/long")).status_code == 200

        await eventually(there, what="the document")
    finally:
        writer.close()
        await writer.wait_closed()


STRANGERS: dict[str, tuple[str, dict[str, str], bytes, int]] = {
    "8 MB of JSON": ("/translate", JSON, b'{"q":[' + b"[]," * 2_600_000 + b"[]]}", 413),
    "8 MB to detect": ("/detect", JSON, b'{"q":"' + b"a" * 8_000_000, 413),
    "8 MB of fields": (
        "/translate",
        FORM,
        b'--b\r\nContent-Disposition: form-data; name="f"\r\n\r\n\r\n' * 150_000,
        403,
    ),
    "a file before the key": (
        "/translate_file",
        FORM,
        b'--b\r\nContent-Disposition: form-data; name="file"; filename="a.txt"\r\n\r\n' + b"a" * 8_000_000,
        413,
    ),
    "half a surrogate pair as a key": ("/translate", JSON, b'{"q":"a","api_key":' + SURROGATE + b"}", 403),
    "a boundary that is none": ("/translate", LONG_BOUNDARY, b"", 403),
    "no JSON": ("/detect", JSON, b"{", 403),
    "a packed body": ("/translate", JSON | GZIP, b"x", 403),
}


@pytest.mark.parametrize("name", STRANGERS)
async def test_of_what_a_stranger_sends_little_is_read(flow_hostile: Flow, name: str) -> None:
    path, headers, body, status = STRANGERS[name]
    keyed = "Authorization" in flow_hostile.http.headers
    async with httpx.AsyncClient(base_url=flow_hostile.http.base_url, timeout=100) as stranger:

        async def act() -> None:
            # The server may close the connection while the body is still being sent.
            with suppress(httpx.WriteError):
                answer = await stranger.post(path, headers=headers, content=body)
                assert answer.status_code == status if keyed else answer.status_code in (400, 413, 415), answer.text

        assert await least_lag(act) < AT_MOST


MANY = 7_000_000
LARGE: dict[str, tuple[str, bytes]] = {
    "lines without a term": ("/v1/documents", b'{"text":"a","terms":"' + b"\\n" * (MANY // 2) + b'"}'),
    "the same term again": ("/v1/documents", b'{"text":"a","terms":"' + b"a\\tb\\n" * (MANY // 6) + b'"}'),
    "the same entry again": (
        "/v1/glossaries",
        b'{"name":"x","source":"de","target":"en","entries":"' + b"a\\tb\\n" * (MANY // 6) + b'"}',
    ),
    "terms": ("/v1/documents", b'{"text":"a","terms":{' + b'"a":"",' * (MANY // 7) + b'"b":""}}'),
    "texts for DeepL": ("/v2/translate", b'{"target_lang":"EN","text":[' + b'"a",' * (MANY // 4) + b'"b"]}'),
    "texts for LibreTranslate": (
        "/translate",
        b'{"source":"de","target":"en","q":[' + b'"a",' * (MANY // 4) + b'"b"]}',
    ),
    "dictionaries": (
        "/v3/glossaries",
        b'{"name":"x","dictionaries":[{' + b'"a":"",' * (MANY // 7) + b'"b":""}]}',
    ),
}


@pytest.mark.parametrize("name", LARGE)
async def test_a_body_as_large_as_it_may_be_holds_nobody_up(flow_hostile: Flow, name: str) -> None:
    path, body = LARGE[name]

    async def act() -> None:
        answer = await flow_hostile.http.post(path, headers=JSON, content=body)
        assert answer.status_code in (400, 422), answer.text[:500]

    assert await least_lag(act, tries=3) < AT_MOST
