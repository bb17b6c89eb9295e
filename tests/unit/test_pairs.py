"""Reading pairs of sentences from TSV and TMX."""

import gzip
import lzma
from collections.abc import AsyncIterator, Sequence
from pathlib import Path
from types import SimpleNamespace

import pytest

from api.exports.tmx import write_tmx
from pipeline.errors import SetupError
from store.parts import StoredSentence
from trainer.pairs import Languages, Pair
from trainer.parts import Part, read_parts
from trainer.plan import TestSet
from trainer.reading import read_pairs
from trainer.testsets import parse, read_test

GERMAN = Languages("de", "en")
HEAD = '<?xml version="1.0" encoding="UTF-8"?>\n<tmx version="1.4"><header srclang="de"/><body>\n'


def read(path: Path, content: str | bytes, languages: Languages = GERMAN) -> list[Pair]:
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return list(read_pairs(path, languages))


def unit(*variants: tuple[str, str]) -> str:
    return "<tu>" + "".join(f'<tuv xml:lang="{code}"><seg>{text}</seg></tuv>' for code, text in variants) + "</tu>"


def test_lines_with_two_or_three_columns(tmp_path: Path) -> None:
    found = read(tmp_path / "mine.tsv", "Guten Tag.\tGood day.\n\nlaw\tDas Gesetz.\tThe law.\r\n")
    assert found == [Pair("Guten Tag.", "Good day.", "mine"), Pair("Das Gesetz.", "The law.", "law")]


@pytest.mark.parametrize("head", ["en\tde", "part\ten\tde", "\ufeffen\tde", "en-GB\tde_AT"])
def test_a_first_line_of_languages_says_which_column_is_which(tmp_path: Path, head: str) -> None:
    assert read(tmp_path / "a.tsv", f"{head}\nHouse\tHaus\n") == [Pair("Haus", "House", "a")]


def test_only_a_first_line_of_the_languages_is_none_of_the_pairs(tmp_path: Path) -> None:
    assert len(read(tmp_path / "a.tsv", "so\tas\nde\ten\n")) == 2


def test_compressed_files_are_read(tmp_path: Path) -> None:
    line = b"Ja.\tYes.\n"
    for ending, content in (("gz", gzip.compress(line)), ("xz", lzma.compress(line))):
        assert read(tmp_path / f"a.tsv.{ending}", content) == [Pair("Ja.", "Yes.", "a")]


@pytest.mark.parametrize(
    ("name", "content", "message"),
    [
        ("a.tsv", "Ja.\tYes.\nNein.\n", "line 2 has 1 column;"),
        ("a.tsv", "a\tb\tc\td\n", "line 1 has 4 columns"),
        ("a.tsv", b"Ja.\tYes.\nsch\xf6n\tfine\n", "line 2 is not UTF-8"),
        ("a.tsv.gz", b"no gzip", "a.tsv.gz"),
        ("a.tsv.xz", b"\xfd7zXZ\x00 damaged", "damaged"),
        ("a.tmx.gz", gzip.compress(b"<tmx>" * 999, mtime=0)[:40], "a.tmx.gz"),
        ("a.docx", "", "tsv and .tmx"),
        ("a.tmx", HEAD + unit(("de", "Ja"), ("en", "Yes")), "not well-formed"),
        ("a.tmx", HEAD + "<tu><tuv></tu></body></tmx>", "line 3 is not well-formed"),
        ("a.tmx", "", "well-formed"),
        ("a.tmx", "<html/>", "no unit"),
        ("a.tmx", '<?xml version="1.0" encoding="klingon"?><tmx/>', "encoding"),
        ("a.tmx", HEAD.replace("<tmx", "<!DOCTYPE tmx SYSTEM 'tmx14.dtd'><tmx") + "<tu>&nothing;</tu>", "&nothing;"),
    ],
)
def test_a_broken_file_is_named_with_what_is_wrong(
    tmp_path: Path, name: str, content: str | bytes, message: str
) -> None:
    with pytest.raises(SetupError, match=message) as caught:
        read(tmp_path / name, content)
    assert name in str(caught.value)


def test_a_file_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(SetupError, match="No such file"):
        list(read_pairs(tmp_path / "none.tmx", GERMAN))


def test_units_give_the_two_languages_of_several(tmp_path: Path) -> None:
    content = HEAD + unit(("fr", "Oui"), ("EN-us", "Yes"), ("de_DE", "Ja")) + unit(("fr", "Non"), ("de", "Nein"))
    assert read(tmp_path / "m.tmx", content + "</body></tmx>") == [Pair("Ja", "Yes", "m")]
    assert read(tmp_path / "m.tmx", content + "</body></tmx>", Languages("fr", "de")) == [
        Pair("Oui", "Ja", "m"),
        Pair("Non", "Nein", "m"),
    ]


def test_the_exact_language_goes_before_a_regions(tmp_path: Path) -> None:
    content = HEAD + unit(("de-AT", "Jänner"), ("de", "Januar"), ("en", "January")) + "</body></tmx>"
    assert read(tmp_path / "m.tmx", content)[0].source == "Januar"
    assert read(tmp_path / "m.tmx", content, Languages("de-AT", "en"))[0].source == "Jänner"


def test_entities_and_mark_up_in_a_unit(tmp_path: Path) -> None:
    marked = (
        'A &amp; B &lt; C&#8364; <bpt i="1">&lt;b&gt;</bpt><hi>bold</hi><ept i="1"/> <ph>x<sub>y</sub></ph> end\n  here'
    )
    content = HEAD + unit(("de", marked), ("en", "E")) + "</body></tmx>"
    assert read(tmp_path / "m.tmx", content)[0].source == "A & B < C€ bold end here"


def test_a_memory_with_a_doctype_and_names_of_html(tmp_path: Path) -> None:
    content = HEAD.replace("<tmx", '<!DOCTYPE tmx SYSTEM "tmx14.dtd"><tmx') + unit(("de", "f&uuml;r"), ("en", "for"))
    assert read(tmp_path / "m.tmx", content + "</body></tmx>")[0].source == "für"


@pytest.mark.parametrize(
    "declaration",
    ['<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">', '<!ENTITY b SYSTEM "file:///etc/hostname">', '<!ENTITY % b "c">'],
)
def test_no_entity_that_a_file_declares_is_followed(tmp_path: Path, declaration: str) -> None:
    content = HEAD.replace("<tmx", f"<!DOCTYPE tmx [{declaration}]><tmx") + unit(("de", "&b;"), ("en", "x"))
    with pytest.raises(SetupError, match="declares the entity"):
        read(tmp_path / "m.tmx", content + "</body></tmx>")


@pytest.mark.parametrize("encoding", ["utf-16", "iso-8859-1"])
def test_a_memory_in_another_encoding(tmp_path: Path, encoding: str) -> None:
    content = (HEAD.replace("UTF-8", encoding) + unit(("de", "schön"), ("en", "fine")) + "</body></tmx>").encode(
        encoding
    )
    assert read(tmp_path / "m.tmx", content)[0].source == "schön"


def test_a_table_of_parts(tmp_path: Path) -> None:
    table = tmp_path / "parts.tsv"
    table.write_text("# part\tlicence\nlaw\tCC0\nnews\tCC BY 4.0\t0.5\n", encoding="utf-8")
    assert read_parts(table) == {"law": Part("CC0"), "news": Part("CC BY 4.0", 0.5)}


@pytest.mark.parametrize("line", ["law", "law\t", "law\tCC0\tmuch", "law\tCC0\t-1", "law\tCC0\tnan", "law\tCC0\t1\t2"])
def test_a_wrong_table_names_its_line(tmp_path: Path, line: str) -> None:
    table = tmp_path / "parts.tsv"
    table.write_text(f"a\tb\n{line}\n", encoding="utf-8")
    with pytest.raises(SetupError, match="line 2"):
        read_parts(table)


def test_a_test_set_in_two_files(tmp_path: Path) -> None:
    (tmp_path / "s").write_text("Ja.\u2028Nein.\nGut.\n", encoding="utf-8")
    (tmp_path / "t").write_text("Yes. No.\nGood.\n", encoding="utf-8")
    test = parse(f"news={tmp_path}/s:{tmp_path}/t")
    assert [pair.target for pair in read_test(test, GERMAN)] == ["Yes. No.", "Good."]
    (tmp_path / "t").write_text("Yes.\n", encoding="utf-8")
    with pytest.raises(SetupError, match=r"2 lines and .* has 1"):
        read_test(test, GERMAN)


@pytest.mark.parametrize("text", ["", "news", "news=", "=a", "news=a:b:c", "news=a:"])
def test_a_test_set_is_named(text: str) -> None:
    with pytest.raises(SetupError, match="write NAME="):
        parse(text)


def test_a_test_set_without_the_pair_is_refused(tmp_path: Path) -> None:
    (tmp_path / "m.tmx").write_text(HEAD + unit(("fr", "Oui"), ("en", "Yes")) + "</body></tmx>", encoding="utf-8")
    with pytest.raises(SetupError, match="no pair of de and en"):
        read_test(TestSet("m", [str(tmp_path / "m.tmx")]), GERMAN)


async def test_documents_that_satzstrom_exports_are_read(tmp_path: Path) -> None:
    sentences = [
        StoredSentence(
            0,
            0,
            "Er sagte: <b>„Ja & Nein“</b>\r\nund ging.",
            (0, 9),
            'He said: <b>"Yes & No"</b> and left.',
            [],
            [],
            failed=False,
        ),
        StoredSentence(0, 1, "Nichts.", (9, 16), None, [], [], failed=True),
    ]

    async def parts() -> AsyncIterator[Sequence[StoredSentence]]:
        yield sentences

    document = SimpleNamespace(id="d", source="de", target="en")
    content = "".join([piece async for piece in write_tmx(document, parts())])  # type: ignore[arg-type]  # it asks for no more
    assert read(tmp_path / "d.tmx", content) == [
        Pair("Er sagte: <b>„Ja & Nein“</b> und ging.", 'He said: <b>"Yes & No"</b> and left.', "d")
    ]
