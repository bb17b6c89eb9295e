"""What can be said of a document, the same on every way in."""

from typing import Any

import pytest
from fastapi import Request
from fastapi.exceptions import RequestValidationError

from api.forms import Form
from api.ordering import BatchOrder, FileOrder, FormOrder, Order, PartOrder, Submission, fields_of, order_of
from api.problems import BodyError
from pipeline import metadata
from pipeline.errors import InputError
from tests.unit.test_forms import END, joined, request, section

WAYS: tuple[type[Order], ...] = (Submission, FileOrder, FormOrder, BatchOrder, PartOrder)


def asked(query: str) -> Request:
    return Request({"type": "http", "query_string": query.encode(), "headers": []})


@pytest.mark.parametrize("way", WAYS)
def test_every_way_in_takes_the_same_fields(way: type[Order]) -> None:
    said: dict[str, Any] = {
        "source": "fr", "target": "de", "model": "m@1", "title": "Vertrag", "metadata": {"author": "A"}, "priority": "high",
        "callback_url": "https://example.org/", "glossary": "g", "terms": {"Haus": "villa"}, "alternatives": 3,
        "memory": "off",
    }  # fmt: skip
    order = order_of(way, said | ({"text": ""} if way is Submission else {}), "query")
    assert order.model_dump(include=set(said)) == said
    # Forms and queries have text only.
    texts = said | {"metadata": '{"author": "A"}', "terms": "Haus\tvilla", "alternatives": "3"}
    assert order_of(way, texts | ({"text": ""} if way is Submission else {}), "form") == order


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("alternatives", "11"), ("alternatives", "many"), ("memory", "maybe"), ("priority", "urgent"), ("title", "x" * 256),
        ("terms", "Haus"), ("terms", "Haus;villa\nHaus;house"), ("terms", '{"Haus": 1}'), ("terms", '{"Haus": {}}'),
        ("metadata", "[1]"), ("metadata", "{" * 10_000), ("terms", '"a'), ("glossary", "x" * 129),
    ],
)  # fmt: skip
def test_what_cannot_be_is_said_with_its_field(way: type[Order], name: str, value: str) -> None:
    with pytest.raises(RequestValidationError) as caught:
        order_of(way, {name: value, "text": ""} if way is Submission else {name: value}, "query")
    assert caught.value.errors()[0]["loc"][:2] == ("query", name)


@pytest.mark.parametrize(("slip", "meant"), [("traget", "target"), ("Title", "title"), ("glosary", "glossary")])
def test_a_name_that_is_no_field_is_refused_with_the_one_that_is_meant(slip: str, meant: str) -> None:
    with pytest.raises(RequestValidationError, match=f"did you mean '{meant}'"):
        order_of(FileOrder, {slip: "x"}, "query")
    with pytest.raises(RequestValidationError, match="fields are alternatives, callback_url"):
        order_of(FileOrder, {"zzz": "x"}, "query")


def test_values_of_metadata_are_put_together() -> None:
    found = fields_of(asked("metadata.author=Kafka&metadata.tag=a&metadata.tag=b&metadata.place.town=Prag&api_key=k"))
    assert found == {"metadata": {"author": "Kafka", "tag": ["a", "b"], "place": {"town": "Prag"}}}
    both = fields_of(asked("metadata.author=Kafka&source=fr"), {"metadata": '{"year": 1915}', "source": "de"})
    assert both == {"metadata": {"year": 1915, "author": "Kafka"}, "source": "de"}, "the body goes before the query"


@pytest.mark.parametrize(
    "query",
    [
        "metadata.=x",
        "metadata.a..b=x",
        "metadata.a=1&metadata.a.b=2",
        "metadata.a.b=2&metadata.a=1",
        "metadata=[1]&metadata.a=1",
    ],
)
def test_metadata_that_contradict_themselves_are_refused(query: str) -> None:
    with pytest.raises((InputError, ValueError)):
        fields_of(asked(query))


@pytest.mark.parametrize("depth", [21, 22, 5000])
def test_metadata_that_are_named_too_deeply_are_refused(depth: int) -> None:
    with pytest.raises(InputError):
        metadata.check(fields_of(asked("metadata." + "a." * depth + "b=x"))["metadata"])


async def test_fields_of_a_form_may_stand_behind_a_small_file_only() -> None:
    small = section("file", b"Ja.", filename="a.txt") + section("target", b"fr") + END
    form = Form(request([small]))
    await form.read_ahead()
    assert form.fields == {"target": "fr"}
    assert await joined(form.last_file()) == b"Ja."
    large = Form(request([section("file", b"x" * 3_000_000, filename="a.txt") + section("target", b"fr") + END]))
    await large.read_ahead()
    assert large.fields == {}
    with pytest.raises(BodyError, match="'target' stands behind a large file"):
        await joined(large.last_file())


@pytest.mark.parametrize("size", [3, 3_000_000])
async def test_a_second_file_is_not_ignored(size: int) -> None:
    form = Form(request([section("file", b"x" * size, filename="a.txt") + section("b", b"x", filename="b.txt") + END]))
    with pytest.raises(BodyError, match="/v1/batches"):
        await form.read_ahead()
        await joined(form.last_file())
