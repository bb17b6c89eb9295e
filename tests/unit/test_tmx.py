"""TMX as programs write it, and as nobody should."""

import codecs
from datetime import UTC, datetime

import pytest

from formats.errors import DocumentError
from formats.text.catalogues.tmx import ALL, LONGEST, Segment, TmxReader, TmxUnit, header, unit

HEAD = '<tmx version="1.4"><header srclang="de"/><body>'
TAIL = "</body></tmx>"


def read(text: str | bytes, size: int = 7) -> list[TmxUnit]:
    data = text.encode() if isinstance(text, str) else text
    reader = TmxReader()
    found = [one for start in range(0, len(data), size) for one in reader.feed(data[start : start + size])]
    return [*found, *reader.feed(b"", last=True)]


def texts(text: str | bytes) -> list[list[tuple[str, str]]]:
    return [[(one.language, one.text) for one in found.segments] for found in read(text)]


def variants(*pairs: tuple[str, str]) -> str:
    return "<tu>" + "".join(f'<tuv xml:lang="{code}"><seg>{text}</seg></tuv>' for code, text in pairs) + "</tu>"


def test_what_programs_write_is_read() -> None:
    text = (
        '<?xml version="1.0"?><!DOCTYPE tmx SYSTEM "tmx14.dtd"><tmx version="1.4"><header srclang="DE-DE">'
        '<prop type="a">b</prop><note>n</note></header><body><!-- c -->'
        '<tu tuid="1" creationid="ANNA" creationdate="20240131T120000Z"><note>x</note><prop type="p">q</prop>'
        '<tuv xml:lang="DE-DE"><prop type="no">no</prop><seg>Ein <bpt i="1">&lt;b&gt;</bpt>fettes<ept i="1">&lt;/b></ept> '
        "<hi>Wort</hi><ph><sub>drin</sub></ph> &amp; &#228;hnlich</seg></tuv>"
        '<tuv lang="en-US" changeid="BOB" changedate="20250131T120000Z"><seg>A bold word</seg></tuv></tu></body></tmx>'
    )
    (found,) = read(text)
    assert (found.source, found.by, found.properties) == ("DE-DE", "ANNA", {"p": "q"})
    assert found.at == datetime(2024, 1, 31, 12, tzinfo=UTC)
    first, second = found.segments
    assert (first.language, first.text) == ("DE-DE", "Ein fettes Wort & ähnlich")
    assert (second.language, second.text, second.by, second.at) == (
        "en-US", "A bold word", "BOB", datetime(2025, 1, 31, 12, tzinfo=UTC),
    )  # fmt: skip


@pytest.mark.parametrize(
    "data",
    [
        (f'<?xml version="1.0" encoding="utf-8"?>{HEAD}{variants(("de", "Grüße €"))}{TAIL}').encode("utf-8-sig"),
        codecs.BOM_UTF16_LE + f"{HEAD}{variants(('de', 'Grüße €'))}{TAIL}".encode("utf-16-le"),
        f'<?xml version="1.0" encoding="utf-16"?>{HEAD}{variants(("de", "Grüße €"))}{TAIL}'.encode("utf-16"),
        f'<?xml version="1.0" encoding="windows-1252"?>{HEAD}{variants(("de", "Grüße €"))}{TAIL}'.encode("cp1252"),
        f'<?xml version="1.0" encoding="ISO-8859-15"?>{HEAD}{variants(("de", "Grüße €"))}{TAIL}'.encode("iso-8859-15"),
    ],
)
def test_its_encoding_is_told_by_the_file(data: bytes) -> None:
    assert texts(data) == [[("de", "Grüße €")]]


LAUGHS = '<!ENTITY a "ha">' + "".join(
    f'<!ENTITY {b} "{f"&{a};" * 10}">' for a, b in zip("abcdefgh", "bcdefghi", strict=True)
)
FILE = '<!ENTITY x SYSTEM "file:///etc/passwd">'


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (f"<!DOCTYPE tmx [{LAUGHS}]>{HEAD}{variants(('de', '&i;'))}{TAIL}", "declares entities"),
        (
            f'<!DOCTYPE tmx [<!ENTITY x SYSTEM "file:///etc/passwd">]>{HEAD}{variants(("de", "&x;"))}{TAIL}',
            "declares entities",
        ),
        (f'<!DOCTYPE tmx [<!ENTITY % p SYSTEM "http://127.0.0.1/x"> %p;]>{HEAD}{TAIL}', "declares entities"),
        (f'<!DOCTYPE tmx SYSTEM "tmx14.dtd">{HEAD}{variants(("de", "a&nothing;b"))}{TAIL}', "&nothing;"),
        (f"{HEAD}{variants(('de', 'a&nbsp;b'))}{TAIL}", "undefined entity"),
        ("<xliff/>", "begins with <xliff>"),
        ("Guten Tag.", "no well-formed TMX"),
        ("", "no element found"),
        (b"PK\x03\x04" + bytes(99), "no well-formed TMX"),
        (HEAD + "<tu><tuv>", "no element found"),
        (f"{HEAD}<tu></tuv>", "mismatched"),
        (HEAD + "<a>" * 99, "elements within each other"),
        (f'{HEAD}<tu a="{"x" * (1 << 21)}"/>', "more than a megabyte"),
        (f"{HEAD}<!--{'x' * (1 << 21)}-->", "more than a megabyte"),
        (f'<?xml version="1.0" encoding="no-such"?>{HEAD}{TAIL}', "no well-formed TMX"),
        (f'<?xml version="1.0" encoding="shift_jis"?>{HEAD}{TAIL}', "no well-formed TMX"),
        (f"{HEAD}{variants(('de', 'Gr'))}".encode() + b"\xfc\xdf" + TAIL.encode(), "no well-formed TMX"),
    ],
)
def test_what_is_no_tmx_is_refused_with_its_reason(data: str | bytes, said: str) -> None:
    with pytest.raises(DocumentError, match=said):
        _ = [one for size in (1 << 16,) for one in read(data, size)]


def test_names_that_html_has_for_characters_are_read() -> None:
    text = f'<!DOCTYPE tmx SYSTEM "tmx14.dtd">{HEAD}{variants(("de", "f&uuml;r&nbsp;a"))}{TAIL}'
    assert texts(text) == [[("de", "für\u00a0a")]]


def test_units_before_a_bad_place_are_there() -> None:
    reader = TmxReader()
    assert len(reader.feed(f"{HEAD}{variants(('de', 'a'), ('en', 'b'))}\n".encode())) == 1
    with pytest.raises(DocumentError):
        reader.feed(f"{variants(('de', 'c'))}<tu></x>".encode())
    assert reader.line == 2
    assert [one.segments[0].text for one in reader.found] == ["c"]


def test_no_segment_takes_more_room_than_a_sentence() -> None:
    (found,) = read(f"{HEAD}{variants(('de', 'x' * 5_000_000))}{TAIL}", 1 << 16)
    assert found.segments[0].too_long
    assert len(found.segments[0].text) <= LONGEST
    (found,) = read(f"{HEAD}{variants(*[('de', 'x')] * 500)}{TAIL}", 1 << 16)
    assert len(found.segments) == 100


def test_what_is_written_is_read_as_it_was() -> None:
    at = datetime(2026, 1, 31, 12, tzinfo=UTC)
    source = Segment("de", 'a < b & "c"\r\nd')
    target = Segment("en-GB", "\u00a0x]]>", by='A "B" <c>', at=at)
    (found,) = read(header(ALL, at) + unit("1", source, target, {"x-a": "<&>"}) + "</body></tmx>")
    assert found.source == "de"
    assert found.properties == {"x-a": "<&>"}
    assert found.segments == [source, target]
    (found,) = read(header("de", at) + unit("1", Segment("de", "\0\ud800"), Segment("en", "x"), {}) + "</body></tmx>")
    assert found.segments[0].text == "\ufffd\ufffd"
