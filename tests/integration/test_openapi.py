"""The live API keeps what its OpenAPI document promises, whatever it is asked."""

import asyncio
import json
from collections.abc import AsyncIterator, Iterator, Sequence
from typing import Any

import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis.errors import Unsatisfiable
from schemathesis import APIOperation, Case, GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.core.result import Ok
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from pipeline.create_topics import create
from pipeline.settings import StoreSettings
from pipeline.topics import Topics
from store.accounts.keys import KeyStore, Limits
from store.collections import Collections
from tests.integration.flow import Flow, run_flow
from tests.integration.servers import Servers
from tests.waiting import eventually

Operation = APIOperation[Any, Any, Any, Any]

# Of each operation, of names that are there; of names that are made up, which are hardly ever there, fewer.
EXAMPLES = 20
EXAMPLES_WITH_KEYS = 5
FEWER = 4
CHECKS = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_schema_conformance,
    response_headers_conformance,
]
# Headers that say what a message is, and where it ends: with nonsense in them, what is sent is no request.
FRAMING = {"connection", "content-length", "expect", "host", "te", "trailer", "transfer-encoding", "upgrade"}
METHODS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "QUERY")


async def known(flow: Flow) -> dict[str, str]:
    """Make what the paths of the API name, and return the names by parameter."""
    await flow.http.post("/v1/documents", json={"id": "known", "text": "Guten Tag. Wie geht es?", "metadata": {"a": 1}})
    await flow.done("known")
    await flow.put(b"no JSON")

    async def letter() -> str | None:
        items = (await flow.http.get("/v1/dead-letters")).json()["items"]
        return str(items[0]["id"]) if items else None

    terms = {"name": "g", "source_lang": "de", "target_lang": "en", "entries_format": "csv", "entries": "Tag,day"}
    made = (await flow.http.post("/v2/glossaries", json=terms)).json()
    letter_id = await eventually(letter, what="a dead letter")
    unit = {"source": "de", "target": "en", "text": "Hallo.", "translation": "Hello."}
    names = {"document": "known", "part": "0", "index": "0", "letter": letter_id, "glossary": str(made["glossary_id"])}
    return names | {"unit": (await flow.http.post("/v1/memory", json=unit)).json()["id"]}


# Its answer for a document that is there goes on until the reader leaves; tests/integration/test_correcting_api.py reads it.
ENDLESS = "/v1/documents/{document}/edits"


def ask(operation: Operation, mode: GenerationMode, names: dict[str, str], keys: Sequence[str | None] = (None,)) -> int:
    """Ask many times, with input that fits the document or does not, and check every answer; return how often.

    Each is asked with each of the keys.
    """
    asked = 0
    examples = EXAMPLES if keys == (None,) else EXAMPLES_WITH_KEYS

    @settings(
        max_examples=examples if names or "{" not in operation.path else max(1, examples // FEWER),
        derandomize=True,
        database=None,
        deadline=None,
        phases=[Phase.explicit, Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(operation.as_strategy(generation_mode=mode, path_parameters=names or None))
    def check(case: Case[Any]) -> None:
        nonlocal asked
        for name in [name for name in case.headers if name.lower() in FRAMING]:
            del case.headers[name]
        for key in keys:
            asked += 1
            headers = {} if key is None else {"Authorization": f"Bearer {key}"}
            case.validate_response(case.call(timeout=20, headers=headers), checks=CHECKS)

    try:
        check()
    except Unsatisfiable:
        # Where every string fits, nothing can be made that does not.
        assert mode.is_negative
    return asked


# The strategies draw nothing from `random`; the pipeline does, in the same process, while they draw.
pytestmark = pytest.mark.filterwarnings("ignore:Do not use the `random` module inside strategies")


def operations(address: str) -> list[Operation]:
    """Return all operations of the document; those that delete come last."""
    schema = schemathesis.openapi.from_url(f"{address}/openapi.json")
    found = [result.ok() for result in schema.get_all_operations() if isinstance(result, Ok)]
    return sorted(found, key=lambda operation: operation.method.upper() == "DELETE")


def modes(operation: Operation) -> Iterator[GenerationMode]:
    yield GenerationMode.POSITIVE
    # What takes nothing cannot be asked wrongly.
    if operation.path_parameters or operation.query or operation.headers or operation.body:
        yield GenerationMode.NEGATIVE


async def ask_all(flow: Flow, keys: Sequence[str | None] = (None,), *, share: slice = slice(None)) -> None:
    names = await known(flow)
    address = str(flow.http.base_url).rstrip("/")
    found = await asyncio.to_thread(operations, address)
    assert {(one.method.upper(), one.path) for one in found} == await described(flow)
    for operation in found[share]:
        mine = {name: names[name] for name in names if f"{{{name}}}" in operation.path}
        for mode in modes(operation):
            asked = await asyncio.to_thread(ask, operation, mode, {}, keys)
            assert asked or mode.is_negative, operation.label
            if mine and operation.path != ENDLESS:
                await asyncio.to_thread(ask, operation, mode, mine, keys)


SHARES = [slice(0, None, 3), slice(1, None, 3), slice(2, None, 3)]


@pytest.mark.parametrize("share", SHARES)
async def test_every_answer_is_as_the_document_says(flow: Flow, share: slice) -> None:
    await ask_all(flow, share=share)


@pytest.mark.parametrize("share", SHARES)
async def test_every_answer_is_as_the_document_says_where_keys_are_asked_for(
    settings: StoreSettings, collections: Collections, share: slice
) -> None:
    """With the key of an administrator, that of a sender whose few requests are soon used up, a wrong one, and none."""
    store = KeyStore(collections)
    _, admin = await store.create("admin", Limits(), admin=True)
    _, sender = await store.create("sender", Limits(requests=20), admin=False)
    async with run_flow(settings, api={"require_keys": "yes"}) as flow:
        flow.http.headers["Authorization"] = f"Bearer {admin}"
        await ask_all(flow, (admin, sender, "wrong", None), share=share)


async def described(flow: Flow, *tags: str) -> set[tuple[str, str]]:
    """Return method and path of every operation in the document, or of those with one of the tags."""
    document = (await flow.http.get("/openapi.json")).json()
    return {
        (method.upper(), path)
        for path, item in document["paths"].items()
        for method, operation in item.items()
        if not tags or set(tags).intersection(operation.get("tags", []))
    }


async def test_other_methods_are_problems_that_name_those_there_are(flow: Flow) -> None:
    there = await described(flow)
    of_dialects = await described(flow, "deepl", "libretranslate")
    for path in {path for _, path in there}:
        mine = {method for method, other in there if other == path}
        # Answered from GET and from what is there.
        mine |= {"OPTIONS"} | ({"HEAD"} if "GET" in mine else set())
        for method in set(METHODS) - mine:
            answer = await flow.http.request(method, path.replace("{", "").replace("}", ""))
            assert answer.status_code == 405, (method, path)
            kind = "application/json" if any(path == other for _, other in of_dialects) else "application/problem+json"
            assert answer.headers["content-type"] == kind
            assert set(answer.headers["allow"].replace(" ", "").split(",")) == mine, (method, path)


@pytest.fixture(scope="module")
async def flow_raw(servers: Servers) -> AsyncIterator[Flow]:
    """One pipeline for requests that leave nothing behind."""
    await create(servers.clients, Topics("raw."))
    common = StoreSettings(
        kafka=servers.kafka,
        mongodb=servers.mongodb,
        topic_prefix="raw.",
        database="raw",
        start_timeout=20,
        log_level="INFO",
    )
    async with run_flow(common) as running:
        yield running


async def raw(flow: Flow, request: bytes) -> tuple[int, dict[str, str], bytes]:
    """Send bytes as they are, and return status, headers and body of the answer."""
    reader, writer = await asyncio.open_connection(flow.http.base_url.host, flow.http.base_url.port)
    try:
        writer.write(request)
        async with asyncio.timeout(20):
            answer = await reader.read()
    finally:
        writer.close()
        await writer.wait_closed()
    head, _, body = answer.partition(b"\r\n\r\n")
    line, *fields = head.decode().split("\r\n")
    return int(line.split()[1]), dict(field.lower().split(": ", 1) for field in fields), body


@pytest.mark.parametrize(
    ("request_line", "fields", "status"),
    [
        (b"GET /v1/documents/%00", b"", 404),
        (b"GET /v1/documents/a%0d%0ab", b"", 404),
        (b"GET /v1/documents/%ff%fe", b"", 404),
        (b"GET /v1/documents/%zz%", b"", 404),
        (b"GET /v1/documents/%ed%a0%80/text", b"", 404),
        (b"GET /v1/documents//?limit=0", b"", 422),
        (b"GET /v1/documents/../../etc/passwd", b"", 404),
        (b"GET /%2e%2e/v1", b"", 404),
        (b"GET /" + b"a" * 20_000, b"", 404),
        (b"GET /v1/documents?limit=%00", b"", 422),
        (b"GET /v1/documents?after=%ff%ff", b"", 422),
        (b"GET /v1/documents?after=" + b"MDAwMS0wMS0wMVQwMDowMDowMCsyMzo1OSBh", b"", 422),
        (b"GET /v1/dead-letters?since=0001-01-01T00:00:00%2B23:59", b"", 422),
        (b"GET /v1/dead-letters?until=9999-12-31T23:59:59-23:59", b"", 422),
        (b"BREW /v1/documents", b"", 405),
        (b"POST /v1/documents", b"Content-Length: 0\r\nContent-Type: text/plain; charset*=utf-8''utf-8\r\n", 422),
        (b"POST /v1/documents", b"Content-Length: 0\r\nContent-Type: \xff\xfe\r\n", 415),
        (b"POST /v1/documents", b"Content-Length: 1\r\nContent-Type: multipart/form-data; boundary*=a''b\r\n", 422),
        (b"POST /v1/documents", b"Transfer-Encoding: chunked\r\nContent-Type: text/plain\r\n", 422),
        (b"GET /v1/documents", b"A: " + b"a" * 70_000, 400),
        (b"GET /v1/documents", b"A: a\x00b\r\n", 400),
        (b"POST /v1/documents", b"Content-Length: 1\r\nTransfer-Encoding: chunked\r\n", 400),
        (b"GET /v1/documents", b"Host: twice\r\n", 400),
        (b"POST /v1/documents", b"Content-Length: 0\r\nContent-Type: garbage\r\n", 415),
        (b"GET /v1/documents", b"no field\r\n", 400),
        (b"GET \xff", b"", 400),
        (b"nonsense", b"", 400),
    ],
)  # fmt: skip
async def test_requests_that_no_client_makes_are_problems(
    flow_raw: Flow, request_line: bytes, fields: bytes, status: int
) -> None:
    body = b"0\r\n\r\n" if b"chunked" in fields else b"x" if b"Content-Length: 1" in fields else b""
    found, headers, content = await raw(
        flow_raw, request_line + b" HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n" + fields + b"\r\n" + body
    )
    problem: dict[str, Any] = json.loads(content)
    assert (found, headers["content-type"], problem["status"]) == (status, "application/problem+json", status), problem
    assert problem["type"].startswith("urn:satzstrom:problem:")
    assert problem["detail"]
