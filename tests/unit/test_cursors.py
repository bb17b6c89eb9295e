"""Cursors and queries of the list of documents."""

import pytest

from pipeline.errors import InputError
from store.cursors import read_cursor, write_cursor
from store.documents.history import DocumentQuery, Order


def test_a_cursor_gives_its_place_back() -> None:
    assert read_cursor("-created", write_cursor("-created", "2026-01-01", "d 1 ü"), 2) == ["2026-01-01", "d 1 ü"]


def test_a_cursor_of_another_order_is_refused_by_name() -> None:
    with pytest.raises(InputError, match=r"'-created'.*'finished'"):
        read_cursor("finished", write_cursor("-created", "2026-01-01", "d"), 2)


@pytest.mark.parametrize(
    "cursor", ["", "nonsense", "ü", "W10=", "WzFd", "eyJhIjoxfQ==", "WyJ4IiwiXHVkODAwIiwiYSJd", write_cursor("x", "a")]
)
def test_what_no_page_gave_is_refused(cursor: str) -> None:
    with pytest.raises(InputError, match="not one that a page gave"):
        read_cursor("x", cursor, 2)


@pytest.mark.parametrize("sort", ["created", "-characters"])
def test_places_that_are_no_value_of_their_order_are_refused(sort: str) -> None:
    with pytest.raises(InputError, match="not one that a page gave"):
        Order(sort).beyond(write_cursor(sort, "yesterday", "d"))  # type: ignore[arg-type]  # one of the literals


def test_a_value_in_a_url_stands_for_what_it_can_mean() -> None:
    found = DocumentQuery(
        metadata={"year": "1915", "done": "true", "author.name": "Kafka", "big": "9" * 30}
    ).as_filter()
    assert found["metadata.year"] == {"$in": ["1915", 1915]}
    assert found["metadata.done"] == {"$in": ["true", True]}
    assert found["metadata.author.name"] == {"$in": ["Kafka"]}
    assert found["metadata.big"]["$in"][0] == "9" * 30


@pytest.mark.parametrize("name", ["", "$where", "a.$b", "a..b", "a\0b", "x" * 129])
def test_names_that_metadata_cannot_be_searched_by_are_refused(name: str) -> None:
    with pytest.raises(InputError, match="cannot search metadata"):
        DocumentQuery(metadata={name: "1"}).as_filter()
