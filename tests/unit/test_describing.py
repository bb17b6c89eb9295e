"""The OpenAPI document: names and summaries that generators of clients make methods of."""

import json
import re
from typing import Any

import pytest

from api.describing import TAGS
from tests.unit.openapi import app, described


@pytest.fixture(scope="module")
def document() -> dict[str, Any]:
    return described()


@pytest.fixture(scope="module")
def operations(document: dict[str, Any]) -> list[dict[str, Any]]:
    return [operation for item in document["paths"].values() for operation in item.values()]


def test_names_are_short_and_each_is_there_once(operations: list[dict[str, Any]]) -> None:
    names = [operation["operationId"] for operation in operations]
    assert [name for name in names if names.count(name) > 1] == []
    assert [name for name in names if not re.fullmatch(r"[a-z][a-z0-9_]{1,59}", name)] == []
    mine = [name for name in names if not name.startswith(("deepl_", "libretranslate_"))]
    assert [name for name in mine if "v1" in name or "_" not in name] == []
    assert {"submit_document", "get_document", "list_documents", "get_text", "list_sentences", "delete_document",
            "put_part", "export_document", "search_sentences", "get_usage", "translate_text"} <= set(names)  # fmt: skip


def test_each_has_a_summary_that_says_what_it_does(operations: list[dict[str, Any]]) -> None:
    for operation in operations:
        assert len(operation["summary"].split()) > 2, operation["operationId"]
        assert len(operation["summary"]) < 130, operation["operationId"]


def test_schemas_have_names_and_are_there_once(document: dict[str, Any]) -> None:
    text = json.dumps(document)
    assert {"Problem", "Submission"} <= set(document["components"]["schemas"])
    assert text.count("Kind of the problem: stable, for programs.") == 1
    for name in re.findall(r'"#/components/schemas/([^"]+)"', text):
        assert name in document["components"]["schemas"]


def test_it_is_made_once() -> None:
    """What asks with a wrong method is answered from it, and may ask as often as it likes."""
    api = app()
    assert api.openapi() is api.openapi()


def test_tags_are_described(document: dict[str, Any], operations: list[dict[str, Any]]) -> None:
    used = {tag for operation in operations for tag in operation["tags"]}
    assert used <= set(TAGS)
    assert [tag["name"] for tag in document["tags"]] == list(TAGS)


def test_json_has_each_field_that_has_a_default_in_the_query_of_files(document: dict[str, Any]) -> None:
    """A generated client sends defaults with every body, and what a body cannot have is refused (a list has to be empty)."""
    schemas = document["components"]["schemas"]
    found, wrong = set(), set()
    for operation in (operation for item in document["paths"].values() for operation in item.values()):
        content = operation.get("requestBody", {}).get("content", {})
        if len(content) < 2 or "application/json" not in content:
            continue
        schema = content["application/json"]["schema"]
        fields = (schemas[schema["$ref"].rpartition("/")[2]] if "$ref" in schema else schema)["properties"]
        for one in (one for one in operation.get("parameters", ()) if one["in"] == "query"):
            found.add((operation["operationId"], one["name"]))
            if one["schema"].get("default", []) != [] and one["name"] not in fields:
                wrong.add((operation["operationId"], one["name"]))
    assert {("submit_document", "source"), ("create_glossary", "lenient")} <= found
    assert wrong == set()
