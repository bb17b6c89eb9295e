"""Both clients are one, and have all that the API has: its operations, and the fields of its answers."""

import asyncio
import inspect
import io
import json
import re
from collections.abc import Callable, Iterator
from typing import Any

import httpx
import msgspec
import pytest

from api.live.events import LiveSentence as LiveEvent
from satzstrom import AsyncClient, Client, RefusedError, requests, results
from satzstrom.orders import Order, SentenceFilters, TextOrder
from satzstrom.requests import TermsFile
from tests.unit.openapi import described

ANSWERS = {
    name: kind
    for name in results.__all__
    if isinstance(kind := getattr(results, name), type) and issubclass(kind, msgspec.Struct)
}
# What the clients call otherwise than the API.
CALLED = {
    "Batch": "BatchStatus",
    "Context": "HitContext",
    "DeadLetter": "WholeDeadLetter",
    "Glossary": "GlossaryStatus",
    "GlossaryPair": "PairCount",
    "Hit": "SearchHit",
}
EVENTS = {"LiveSentence", "EditedSentence"}


def told(kind: type) -> dict[str, list[tuple[str, object, object]]]:
    """Return the public methods of a client with their parameters: name, kind, default."""
    methods = inspect.getmembers(kind, inspect.isfunction)
    return {
        name: [(one.name, one.kind, one.default) for one in inspect.signature(method).parameters.values()]
        for name, method in methods
        if not name.startswith("_")
    }


def fields(kind: type[msgspec.Struct]) -> set[str]:
    return {field.encode_name for field in msgspec.structs.fields(kind)}


@pytest.fixture(scope="module")
def document() -> dict[str, Any]:
    return described()


def test_the_clients_have_the_same_methods_with_the_same_parameters() -> None:
    assert len(told(Client)) > 30
    assert told(Client) == told(AsyncClient)


@pytest.mark.parametrize("name", sorted(ANSWERS.keys() - EVENTS))
def test_answers_have_the_fields_that_the_api_gives_and_no_others(document: dict[str, Any], name: str) -> None:
    schema = document["components"]["schemas"][CALLED.get(name, name)]
    assert fields(ANSWERS[name]) == set(schema["properties"])


@pytest.mark.parametrize("name", sorted(EVENTS))
def test_events_have_the_fields_that_the_api_gives_and_no_others(name: str) -> None:
    assert fields(ANSWERS[name]) == fields(LiveEvent)


FILE = io.BytesIO(b"a")
CALLS: dict[str, Callable[[Client], object]] = {
    "submit_document": lambda client: client.submit("Guten Tag."),
    "list_documents": lambda client: client.documents(),
    "list_parts": lambda client: client.parts("d"),
    "put_part": lambda client: client.put_part("d", 0, "Guten Tag.", last=True, length=10),
    "get_text": lambda client: client.text("d"),
    "cancel_document": lambda client: client.cancel("d"),
    "delete_document": lambda client: client.delete("d", memory=True),
    "rename_document": lambda client: client.rename("d", "Brief"),
    "get_document": lambda client: client.status("d"),
    "list_sentences": lambda client: client.sentences("d", doubt=True, reason="numbers", words="Tag", missed=False),
    "get_outline": lambda client: client.outline("d"),
    "get_sentence": lambda client: client.sentence("d", "0.1"),
    "change_sentence": lambda client: client.correct("d", "0.1", "Hello."),
    "list_formats": lambda client: client.formats(),
    "submit_batch": lambda client: client.submit_batch([("a.txt", FILE, None)]),
    "get_batch": lambda client: client.batch("b"),
    "translate_text": lambda client: client.translate("Guten Tag."),
    "export_document": lambda client: client.export("d", "tmx"),
    "get_document_file": lambda client: client.file("d"),
    "put_file": lambda client: client.send_file("f", FILE, filename="a.docx"),
    "get_file": lambda client: client.sent_file("f"),
    "delete_file": lambda client: client.delete_sent_file("f"),
    "list_glossaries": lambda client: client.glossaries(),
    "create_glossary": lambda client: client.create_glossary("g", {"a": "b"}),
    "get_glossary": lambda client: client.glossary("g"),
    "rename_glossary": lambda client: client.rename_glossary("g", "h"),
    "delete_glossary": lambda client: client.delete_glossary("g"),
    "list_glossary_entries": lambda client: client.terms("g"),
    "add_glossary_entries": lambda client: client.import_terms("g", FILE, filename="a.csv"),
    "replace_glossary_entries": lambda client: client.import_terms("g", FILE, filename="a.csv", replace=True),
    "edit_glossary_entries": lambda client: client.edit_terms("g", {"a": "b"}),
    "get_glossary_file": lambda client: client.glossary_file("g", "csv", source="de", target="en"),
    "search_sentences": lambda client: client.search("Tag"),
    "list_memory": lambda client: client.units("Tag"),
    "add_unit": lambda client: client.add_unit("Guten Tag.", "Hello."),
    "clear_memory": lambda client: client.clear_memory(document="d"),
    "count_memory": lambda client: client.memory_counts(),
    "export_memory": lambda client: client.memory(source="de", target="en"),
    "import_memory": lambda client: client.import_memory(FILE),
    "get_unit": lambda client: client.unit("u"),
    "delete_unit": lambda client: client.delete_unit("u"),
    "sentence_matches": lambda client: client.matches("d", "0.1"),
    "stream_events": lambda client: client.live("d"),
    "stream_edits": lambda client: client.edits("d"),
    "list_callback_secrets": lambda client: client.callback_secrets(),
    "rotate_callback_secret": lambda client: client.callback_secrets(rotate=True),
    "list_dead_letters": lambda client: client.dead_letters(),
    "get_dead_letter": lambda client: client.dead_letter("l"),
    "drop_dead_letter": lambda client: client.drop("l"),
    "replay_dead_letter": lambda client: client.replay("l"),
    "list_pairs": lambda client: client.pairs(),
    "get_usage": lambda client: client.usage(),
}
WITHOUT = {
    "tell_encoding": "the page asks it before it sends a file; whoever submits one has `encoding`",
    "put_batch_file": "the page sends a batch file by file; a program has `submit_batch`, which reads while it sends",
    "test_callback": "a trial that an admin makes once, on the page or by hand",
    "get_pipeline": "a picture for people; monitoring has the metrics",
    "list_models": "of whoever runs the pipeline, for whom there is `satzstrom models`",
    "reload_models": "as list_models",
    "get_asyncapi": "a document for generators of Kafka clients",
    "get_asyncapi_page": "the same for people",
    "get_liveness": "asked by what runs the process",
    "get_readiness": "asked by what runs the process",
}
DIALECTS = ("deepl_", "libretranslate_")


@pytest.fixture(scope="module")
def operations(document: dict[str, Any]) -> dict[str, tuple[str, str]]:
    """Methods and paths of the API's own operations."""
    return {
        operation["operationId"]: (method.upper(), path)
        for path, item in document["paths"].items()
        for method, operation in item.items()
        if not operation["operationId"].startswith(DIALECTS)
    }


def test_each_operation_has_a_method_or_a_reason_for_none(operations: dict[str, tuple[str, str]]) -> None:
    assert CALLS.keys() & WITHOUT.keys() == set()
    assert CALLS.keys() | WITHOUT.keys() == operations.keys()


@pytest.mark.parametrize("name", sorted(CALLS))
def test_methods_ask_for_their_operation(
    operations: dict[str, tuple[str, str]], document: dict[str, Any], name: str
) -> None:
    asked: list[httpx.Request] = []

    def refuse(request: httpx.Request) -> httpx.Response:
        asked.append(request)
        kind = "not-found" if request.url.path.startswith("/v1/files/") else "conflict"
        return httpx.Response(404, json={"type": f"urn:satzstrom:problem:{kind}", "detail": "no"})

    with Client() as client:
        client._http = httpx.Client(base_url=client.address, transport=httpx.MockTransport(refuse))
        with pytest.raises(RefusedError):
            list(called) if isinstance(called := CALLS[name](client), Iterator) else called
    method, path = operations[name]
    assert asked[-1].method == method
    assert re.fullmatch(re.sub(r"\{\w+\}", "[^/]+", path), asked[-1].url.path)
    taken = {one["name"] for one in document["paths"][path][method.lower()].get("parameters", ())}
    assert set(asked[-1].url.params) <= taken


def test_what_can_be_said_has_the_names_that_the_api_takes(document: dict[str, Any]) -> None:
    def taken(path: str, method: str) -> set[str]:
        return {one["name"] for one in document["paths"][path][method]["parameters"] if one["in"] == "query"}

    filters = {"q" if name == "words" else name for name in SentenceFilters.__annotations__}
    assert filters == taken("/v1/documents/{document}/sentences", "get") - {
        "after", "limit", "confidence", "order", "version", "whole"
    }  # fmt: skip
    assert set(Order.__annotations__) <= taken("/v1/documents", "post")
    body = set(document["components"]["schemas"]["TextOrder"]["properties"])
    assert set(TextOrder.__annotations__) == body - {"text", "source", "target"}


SAID: Order = {
    "model": "m@1",
    "priority": "high",
    "title": "Ein Brief",
    "metadata": {"for": "me"},
    "callback_url": "https://a.example/x",
    "glossary": "g1",
    "terms": {"Tag": "day"},
    "alternatives": 2,
    "memory": False,
}
IN_QUERY = {name: value if isinstance(value, str) else json.dumps(value) for name, value in SAID.items()} | {
    "memory": "off"
}
SENDING: dict[str, Callable[[Any], Any]] = {
    "a text": lambda client: client.submit("Guten Tag.", **SAID),
    "a file": lambda client: client.submit_file(io.BytesIO(b"a"), filename="a.docx", **SAID),
    "a file that was sent": lambda client: client.submit_sent_file("f", **SAID),
    "several files": lambda client: client.submit_batch([("a.txt", io.BytesIO(b"a"), None)], **SAID),
    "a part": lambda client: client.put_part("d", 0, "Guten Tag.", last=True, **SAID),
}


@pytest.mark.parametrize("kind", [Client, AsyncClient])
@pytest.mark.parametrize("way", sorted(SENDING))
def test_all_that_can_be_said_goes_over_the_line_on_every_way(kind: type[Client] | type[AsyncClient], way: str) -> None:
    assert SAID.keys() == Order.__annotations__.keys()
    asked: list[httpx.Request] = []

    def refuse(request: httpx.Request) -> httpx.Response:
        asked.append(request)
        return httpx.Response(409, json={"type": "urn:satzstrom:problem:conflict", "detail": "no"})

    async def sent() -> None:
        transport = httpx.MockTransport(refuse)
        client: Any = kind()
        http = httpx.Client if kind is Client else httpx.AsyncClient
        client._http = http(base_url=client.address, transport=transport)
        with pytest.raises(RefusedError):
            found = SENDING[way](client)
            await found

    asyncio.run(sent())
    (request,) = asked
    if way == "a text":
        body = json.loads(request.content)
        assert {name: body[name] for name in SAID} == SAID | {"memory": "off"}
    else:
        assert {name: request.url.params[name] for name in SAID} == IN_QUERY


# What methods take all of, as keywords.
KEYWORDS: dict[str, set[str]] = {
    "documents": {"state", "source", "target", "created_after", "created_before", "batch", "q", "sort"},
    "dead_letters": {"service", "stage", "reason", "document", "since", "until"},
    "units": {"source", "target", "document", "origin"},
    "clear_memory": {"document", "source", "target", "origin"},
    "sentences": set(SentenceFilters.__annotations__),
    "import_terms": set(TermsFile.__annotations__),
} | {name: set(Order.__annotations__) for name in ("submit", "submit_batch", "put_part")}
RENAMED = {"document": "id", "batch": "id", "words": "q", "form": "format", "after": "since"}
UNSAID = {
    ("submit_document", "encoding"): "of submit_file",
    ("submit_document", "columns"): "of submit_file",
    ("submit_document", "file"): "submit_sent_file says it",
    ("put_part", "encoding"): "the client sends UTF-8",
    ("submit_batch", "encoding"): "each file has its own",
    ("get_document", "wait"): "wait() says it",
    ("list_sentences", "whole"): "a page that ends with a paragraph; the client goes through all pages",
    ("create_glossary", "encoding"): "of import_glossary",
    ("create_glossary", "lenient"): "of import_glossary",
    ("add_glossary_entries", "name"): "of import_glossary: this one has a name",
    ("replace_glossary_entries", "name"): "as add_glossary_entries",
    ("stream_events", "stored"): "live() gives what is there first",
}
PAGES = {"after", "limit"}


def test_what_operations_take_in_their_query_can_be_said_to_their_methods(
    document: dict[str, Any], operations: dict[str, tuple[str, str]]
) -> None:
    unsaid = set()
    for name, call in CALLS.items():
        method = call.__code__.co_names[0]
        parameters = set(inspect.signature(getattr(Client, method)).parameters) | KEYWORDS.get(method, set())
        can = parameters | {RENAMED[one] for one in parameters & RENAMED.keys()}
        verb, path = operations[name]
        taken = document["paths"][path][verb.lower()].get("parameters", ())
        unsaid |= {(name, one["name"]) for one in taken if one["in"] == "query" and one["name"] not in can | PAGES}
    assert unsaid == UNSAID.keys()


def test_columns_go_for_all_tables_of_a_batch() -> None:
    made = requests.batch([], "Text,3", {}, source="de", target="en", batch="tables")
    assert made.options["params"] == {"source": "de", "target": "en", "id": "tables", "columns": ["Text", "3"]}
