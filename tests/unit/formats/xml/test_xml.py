import pytest
from hypothesis import given
from hypothesis import strategies as st

from formats.errors import DocumentError
from formats.xml.part import DEPTH, End, Part, Start, Text, attributes, events, written, written_value
from formats.xml.splicing import Edits

SPACES = {"urn:a": "a", "urn:b": ""}


def test_tags_and_texts_are_where_they_are_said_to_be() -> None:
    data = (
        '<?xml version="1.0"?>\n<x:w xmlns:x="urn:a" xmlns="urn:b" x:t=\'>"\' u="\'>"><!-- > --><p>Grü&#223;e &amp; '
        "<![CDATA[<Co>]]></p>\r\n<leer/><?ziel a?>Ende<z><leer /></z></x:w>"
    ).encode()
    found = list(events(data, "teil", SPACES))
    assert [(one.name if not isinstance(one, Text) else one.text) for one in found] == [
        "a:w", "p", "Grüße & <Co>", "p", "\n", "leer", "leer", "Ende", "z", "leer", "leer", "z", "a:w"
    ]  # fmt: skip
    first = found[0]
    assert isinstance(first, Start)
    assert first.attributes == {"a:t": '>"', "u": "'>"}
    raw = [data[one.start : one.end].decode() for one in found]
    assert raw[0].startswith("<x:w xmlns")
    assert raw[0].endswith('"\'>">')
    assert raw[1:] == [
        "<p>",
        "Grü&#223;e &amp; <![CDATA[<Co>]]>",
        "</p>",
        "\r\n",
        "<leer/>",
        "",
        "Ende",
        "<z>",
        "<leer />",
        "",
        "</z>",
        "</x:w>",
    ]
    assert [one.name for one in attributes(data, first.start, first.end)] == ["xmlns:x", "xmlns", "x:t", "u"]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "iso-8859-1", "windows-1252"])
def test_a_part_in_any_encoding_is_read_and_written_in_it(encoding: str) -> None:
    stated = "utf-16" if encoding == "utf-16-le" else encoding.removesuffix("-sig")
    raw = f'<?xml version="1.0" encoding="{stated}"?><p>Grüße</p>'.encode(encoding)
    part = Part(raw, "teil")
    (text,) = [one for one in part.events({}) if isinstance(one, Text)]
    assert text.text == "Grüße"
    assert part.encoded(part.data) == raw
    edits = Edits()
    edits.replace(text.start, text.end, written("Ж & ß"))
    after = Part(part.encoded(edits.spliced(part.data)), "teil")
    assert [one.text for one in after.events({}) if isinstance(one, Text)] == ["Ж & ß"]


@pytest.mark.parametrize(
    ("xml", "says"),
    [
        (b"<a>", "no element found"),
        (b"<a></b>", "mismatched"),
        (b"kein XML", "syntax error"),
        (b"", "no element found"),
        (b"<a>\xff</a>", "not well-formed"),
        (b"<a>&nbsp;</a>", "undefined entity"),
        (b'<!DOCTYPE a SYSTEM "file:///etc/passwd"><a/>', "document type"),
        (b'<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>', "document type"),
        (b"<a>" * (DEPTH + 1) + b"</a>" * (DEPTH + 1), "within each other"),
        (b'<?xml version="1.0" encoding="klingon"?><a/>', "klingon"),
    ],
)
def test_what_is_no_xml_or_does_harm_is_refused(xml: bytes, says: str) -> None:
    with pytest.raises(DocumentError, match=says):
        list(Part(xml, "word/document.xml").events({}))


@pytest.mark.parametrize(
    "doctype", [b"", b'<!DOCTYPE html PUBLIC "-//W3C//DTD XHTML 1.1//EN" "http://www.w3.org/x.dtd">']
)
def test_entities_of_a_table_are_read_where_a_kind_allows_them(doctype: bytes) -> None:
    found = list(events(doctype + b"<p>a&nbsp;b &amp; c</p>", "kapitel", {}, {"nbsp": "\xa0"}))
    assert [one.text for one in found if isinstance(one, Text)] == ["a\xa0b & c"]
    with pytest.raises(DocumentError, match="laut"):
        list(events(doctype + b"<p>&laut;</p>", "kapitel", {}, {"nbsp": "\xa0"}))
    with pytest.raises(DocumentError, match="entities"):
        list(events(b'<!DOCTYPE p [<!ENTITY x SYSTEM "/etc/passwd">]><p>&x;</p>', "kapitel", {}, {}))


@given(st.text(), st.text())
def test_any_text_can_be_written(text: str, value: str) -> None:
    data = b'<p a="' + written_value(value) + b'">' + written(text) + b"</p>"
    start, *texts, end = events(data, "teil", {})
    assert isinstance(start, Start)
    assert isinstance(end, End)
    kept = "".join(one.text for one in texts if isinstance(one, Text))
    allowed = [
        c for c in text if (c >= " " or c in "\t\n\r") and not "\ud800" <= c <= "\udfff" and c not in "\ufffe\uffff"
    ]
    assert kept == "".join(allowed)
    assert start.attributes["a"] == "".join(
        c for c in value if (c >= " " or c in "\t\n\r") and not "\ud800" <= c <= "\udfff" and c not in "\ufffe\uffff"
    )


def test_edits_that_overlap_are_a_fault() -> None:
    edits = Edits()
    edits.replace(2, 4, b"x")
    edits.insert(2, b"davor")
    assert edits.spliced(b"abcdef") == b"abdavorxef"
    edits.remove(3, 5)
    with pytest.raises(ValueError, match="overlaps"):
        edits.spliced(b"abcdef")


@st.composite
def edited(draw: st.DrawFn) -> tuple[bytes, list[tuple[int, int, bytes]]]:
    """Bytes, and edits of stretches that do not overlap, in any order; several may be insertions in one place."""
    old = draw(st.binary(max_size=12))
    cuts = sorted(draw(st.lists(st.integers(0, len(old)), max_size=8)))
    new = st.binary(max_size=3)
    stretches = [(start, end, draw(new)) for start, end in zip(cuts[::2], cuts[1::2], strict=False) if start < end]
    inside = {place for start, end, _ in stretches for place in range(start + 1, end)}
    places = draw(st.lists(st.integers(0, len(old)), max_size=5))
    insertions = [(place, place, draw(new)) for place in places if place not in inside]
    return old, draw(st.permutations(stretches + insertions))


@given(edited(), st.integers(0, 13))
def test_edits_do_what_one_byte_after_the_other_would(
    case: tuple[bytes, list[tuple[int, int, bytes]]], half: int
) -> None:
    old, edits = case
    wanted = b""
    for place in range(len(old) + 1):
        wanted += b"".join(new for start, end, new in edits if start == end == place)
        wanted += b"".join(new for start, end, new in edits if start == place < end)
        if not any(start <= place < end for start, end, _ in edits):
            wanted += old[place : place + 1]
    first, second = Edits(), Edits()
    for number, (start, end, new) in enumerate(edits):
        (first if number < half else second).replace(start, end, new)
    first.extend(second)
    assert first.spliced(old) == wanted
    assert bool(first) == bool(edits)


@given(edited(), st.data())
def test_edits_that_overlap_or_lie_elsewhere_are_refused(
    case: tuple[bytes, list[tuple[int, int, bytes]]], data: st.DataObject
) -> None:
    old, some = case
    edits = Edits()
    for one in some:
        edits.replace(*one)
    wide = [(start, end) for start, end, _ in some if start < end]
    start, end = data.draw(st.sampled_from([*wide, (len(old), len(old) + 1), (len(old) + 1, len(old) + 1)]))
    edits.replace(start, end, b"x")
    with pytest.raises(ValueError, match="overlaps"):
        edits.spliced(old)
