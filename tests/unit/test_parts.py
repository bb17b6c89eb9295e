"""Text into parts."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.errors import EncodingError, InputError
from pipeline.parts import PartCutter, TextDecoder, cut
from tests.texts import CORNER_CASES, generated


@pytest.mark.parametrize("name", CORNER_CASES)
def test_parts_joined_are_the_text(name: str) -> None:
    text = CORNER_CASES[name]
    parts = cut(text)
    assert "".join(parts) == text
    assert all(len(part.encode()) <= 64 * 1024 for part in parts)


@given(st.lists(generated), st.integers(min_value=8, max_value=200))
def test_pieces_of_any_size_give_the_same_text(pieces: list[str], limit: int) -> None:
    cutter = PartCutter(limit)
    parts = [part for piece in pieces for part in cutter.feed(piece)] + cutter.finish()
    assert "".join(parts) == "".join(pieces)
    assert all(len(part.encode()) <= limit for part in parts)
    assert all(parts[:-1]), "only the last part may be empty"


def test_parts_end_at_paragraphs() -> None:
    paragraph = "Ein Satz.\nNoch einer, der weitergeht\nund endet.\n\n"
    for part in cut(paragraph * 4000)[:-1]:
        assert part.endswith("endet.\n\n")


def test_without_paragraphs_parts_end_with_sentences() -> None:
    for part in cut("Dies ist ein Satz ohne Zeilenumbruch. " * 5000)[:-1]:
        assert part.endswith("Zeilenumbruch. ")


@pytest.mark.parametrize("pair", ["\r\n", "e\u0301", "👍🏽", "a\u200db"])
@pytest.mark.parametrize("filler", range(3))
def test_what_a_reader_sees_as_one_character_is_not_parted(pair: str, filler: int) -> None:
    place = 0
    for part in cut("x" * filler + pair * 30_000)[:-1]:
        place += len(part)
        assert (place - filler) % len(pair) == 0


@given(st.text(st.characters(exclude_categories=["Cs"]), max_size=50), st.lists(st.integers(1, 4)))
def test_bytes_in_any_chunks_are_decoded(text: str, sizes: list[int]) -> None:
    data = text.encode()
    decoder = TextDecoder()
    pieces = []
    for size in sizes:
        pieces.append(decoder.feed(data[:size]))
        data = data[size:]
    pieces += [decoder.feed(data), decoder.finish()]
    assert "".join(pieces) == text


@pytest.mark.parametrize(
    ("chunks", "offset"),
    [([b"\xff"], 0), ([b"abc", b"d\xc3", b"\x28"], 4), ([b"ab\xe2\x82"], 2), ([b"\xed\xa0\x80"], 0)],
)
def test_wrong_bytes_are_named_by_their_offset(chunks: list[bytes], offset: int) -> None:
    decoder = TextDecoder()
    with pytest.raises(EncodingError) as caught:
        for chunk in chunks:
            decoder.feed(chunk)
        decoder.finish()
    assert caught.value.offset == offset
    assert f"byte {offset} " in str(caught.value)


def test_other_encodings() -> None:
    decoder = TextDecoder("iso-8859-1")
    assert decoder.feed("Müller".encode("latin-1")) + decoder.finish() == "Müller"


@pytest.mark.parametrize("name", ["utf-8", "UTF-16", "latin1", "windows-1252", "cp437", "koi8-r", "gb18030", "shift_jis",
                                  "big5", "euc-kr", "iso-2022-jp", "macintosh", "tis-620", "us-ascii"])  # fmt: skip
def test_encodings_of_texts_are_read(name: str) -> None:
    decoder = TextDecoder(name)
    assert decoder.feed("Tag".encode(name)) + decoder.finish() == "Tag"


# Codecs of Python that are for other things than texts; of some of them reading 200 KB takes seconds.
@pytest.mark.parametrize("name", ["klingon", "base64", "zip", "punycode", "idna", "utf-7", "unicode_escape",
                                  "raw_unicode_escape", "quopri", "rot13", "palmos", "undefined", "hex", "uu", "bz2",
                                  "x" * 10_000, "\ud800"])  # fmt: skip
def test_codecs_that_are_no_encodings_of_texts_are_refused_by_name(name: str) -> None:
    with pytest.raises(InputError, match="no encoding of texts") as caught:
        TextDecoder(name)
    assert len(str(caught.value)) < 200


@pytest.mark.parametrize("encoding", ["undefined", "idna", "a\0b", "", "\u00fc"])
def test_encodings_that_are_none_are_refused(encoding: str) -> None:
    with pytest.raises(InputError):
        TextDecoder(encoding).feed(b"\xff..")
