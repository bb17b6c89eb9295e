"""The topic table and what is made of it."""

import json

import jsonschema
import msgspec
import pytest

from api.topics import page_of
from pipeline.asyncapi import document
from pipeline.events import Event
from pipeline.examples import EXAMPLES
from pipeline.topics import Topics
from tests.conftest import ROOT


def test_the_published_document_is_up_to_date() -> None:
    published = json.loads((ROOT / "docs/asyncapi.json").read_text(encoding="utf-8"))
    assert published == document(Topics()), "run: make asyncapi"


def test_what_stands_in_backticks_is_code_on_the_page() -> None:
    described = document(Topics())
    described["channels"]["documents"]["description"] = "Later parts of `a<b>` and `c`."
    page = page_of(described)
    assert "Later parts of <code>a&lt;b&gt;</code> and <code>c</code>." in page
    assert "`" not in page


@pytest.mark.parametrize("kind", EXAMPLES)
def test_examples_fit_their_schemas(kind: type[Event]) -> None:
    components = {"components": document(Topics())["components"]}
    schema = {"$ref": f"#/components/schemas/{kind.__name__}", **components}
    for example in EXAMPLES[kind]:
        jsonschema.validate(msgspec.to_builtins(example), schema)


def test_every_topic_has_a_name_under_its_prefix() -> None:
    topics = Topics("team-a.")
    names = {topics.prefix + topic.name for topic in topics}
    attributes = {value for name, value in vars(topics).items() if isinstance(value, str) and name != "prefix"}
    assert names == attributes
    assert topics[topics.documents_bulk].name == "documents.bulk"
    assert topics.group("sink") == "team-a.sink"
