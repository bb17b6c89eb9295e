"""Any document of a kind with its words in any order: it can be read again, and has every word and every mark as before."""

import html
import io
import re
import zipfile
from random import Random
from xml.etree import ElementTree as ET

from hypothesis import given, settings
from hypothesis import strategies as st

from formats.document import Piece, Translated
from pipeline.alignment import Link, words
from tests.unit.formats.epub.test_epub import PAGE, book
from tests.unit.formats.test_contract import texts_of, written
from tests.unit.formats.text.test_catalogues import XLIFF2

CHANCE = st.randoms(use_true_random=False)
WORDS = st.lists(st.sampled_from(["Haus", "alte", "am", "Ufer", "Fluß", "steht.", "Dann"]), min_size=1, max_size=4)
SENTENCE = WORDS.map(" ".join)
SPACE = st.sampled_from(["", " "])
EXAMPLES = settings(max_examples=20)


def shuffled(text: str, chance: Random) -> Translated:
    """Return a text with its words in capitals and in any order; names stay as they are."""
    parts = re.sub(r"(\{k\d+\})", r" \1 ", text).split()
    chance.shuffle(parts)
    new = " ".join(part if part.startswith("{") else part.upper() for part in parts)
    here, there = words(text), words(new)
    links = [Link(one, chance.choice(there), 1.0) for one in here] if there and chance.random() < 0.8 else []
    return Translated([Piece(text, new, links)])


def translated(name: str, content: bytes, chance: Random) -> bytes:
    """Return a document with its words in any order, which with its own texts is what it was."""
    texts = texts_of(name, content)
    assert not [text for text in texts if text != text.strip() or not text]
    assert written(name, content, (Translated([Piece(text, text)]) for text in texts)) == content
    return written(name, content, (shuffled(text, chance) for text in texts))


def letters(text: str) -> str:
    """Return the letters between tags, small or not, in an order that tells nothing."""
    return "".join(sorted(re.sub(r"<[^<>]*>|[\W\d_]", "", html.unescape(text)).upper()))


def archive(members: dict[str, str]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as packed:
        for name, content in members.items():
            packed.writestr(name, content)
    return out.getvalue()


_RELATED = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"


def package(folder: str, **related: str) -> dict[str, str]:
    """Return the members of a package that say which part is which; `related`: of the main part, by kind."""
    relation = f'<Relationship Id="{{0}}" Target="{{1}}" Type="{_RELATED}/{{2}}"/>'
    around = '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">{}</Relationships>'
    mine = "".join(relation.format(f"r{n}", target, kind) for n, (kind, target) in enumerate(related.items()))
    return {
        "[Content_Types].xml": "<Types/>",
        "_rels/.rels": around.format(relation.format("a", f"{folder}/main.xml", "officeDocument")),
        f"{folder}/_rels/main.xml.rels": around.format(mine),
    }


# Slides.
_A = "http://schemas.openxmlformats.org/drawingml/2006/main"
_LOOKS = st.sampled_from(["", "<a:rPr/>", '<a:rPr b="1"/>', '<a:rPr lang="de-DE" i="1"><a:solidFill/></a:rPr>'])
SLIDE_ITEM = st.one_of(
    st.builds("<a:r>{}<a:t>{}{}{}</a:t></a:r>".format, _LOOKS, SPACE, SENTENCE, SPACE),
    st.sampled_from(["<a:br/>", '<a:fld id="{1}" type="slidenum"><a:t>7</a:t></a:fld>', "<a:r><a:t>\t</a:t></a:r>"]),
    st.builds(
        '<a:r><a:rPr><a:hlinkClick xmlns:r="r" r:id="r9" tooltip="{}"/></a:rPr><a:t>{}</a:t></a:r>'.format,
        SENTENCE,
        SENTENCE,
    ),
)
PARAGRAPH = st.lists(SLIDE_ITEM, max_size=5).map(lambda items: f"<a:p>{''.join(items)}<a:endParaRPr/></a:p>")
SHAPE = st.builds(
    '<p:sp><p:nvSpPr><p:cNvPr id="4" name="Form" descr="{}"/></p:nvSpPr><p:txBody>{}</p:txBody></p:sp>'.format,
    st.one_of(st.just(""), SENTENCE),
    st.lists(PARAGRAPH, max_size=3).map("".join),
)


@given(st.lists(st.one_of(SHAPE, SHAPE.map("<p:grpSp>{}</p:grpSp>".format)), max_size=3), CHANCE)
@EXAMPLES
def test_any_slide(shapes: list[str], chance: Random) -> None:
    slide = f'<p:sld xmlns:p="p" xmlns:a="{_A}">{"".join(shapes)}</p:sld>'
    content = archive({
        **package("ppt", slide="slide.xml"),
        "ppt/main.xml": f'<p:presentation xmlns:p="p" xmlns:r="{_RELATED}"><p:sldId id="1" r:id="r0"/></p:presentation>',
        "ppt/slide.xml": slide,
    })  # fmt: skip
    new = zipfile.ZipFile(io.BytesIO(translated("a.pptx", content, chance))).read("ppt/slide.xml").decode()
    root = ET.fromstring(new)
    assert not [run for run in root.iter(f"{{{_A}}}r") if run.find(f"{{{_A}}}r") is not None]
    assert new.count("<a:br/>") == slide.count("<a:br/>")
    assert new.count("slidenum") == slide.count("slidenum")
    assert new.count("<a:endParaRPr") == slide.count("<a:endParaRPr")
    assert letters(new) == letters(slide)
    described = [re.findall(r'descr="([^"]*)"', one) for one in (new, slide)]
    assert [*map(letters, described[0])] == [*map(letters, described[1])]


# Workbooks.
RICH = st.lists(
    st.builds('<r>{}<t xml:space="preserve">{}{}</t></r>'.format, st.sampled_from(["", "<rPr><b/></rPr>"]), SENTENCE, SPACE),
    min_size=1, max_size=4,
).map("".join)  # fmt: skip
STRING = st.one_of(SENTENCE.map("<t>{}</t>".format), RICH, st.sampled_from(["<t>A-17</t>", "<t>4711</t>", "<t/>"]))
CELL = st.one_of(
    st.integers(0, 3).map('<c t="s"><v>{}</v></c>'.format),
    STRING.map('<c t="inlineStr"><is>{}</is></c>'.format),
    st.sampled_from(["<c><v>3.5</v></c>", '<c t="str"><f>A1&amp;"Haus"</f><v>altes Haus</v></c>', "<c/>"]),
)


@given(st.lists(STRING, max_size=4), st.lists(st.lists(CELL, max_size=3), max_size=3), CHANCE)
@EXAMPLES
def test_any_workbook(strings: list[str], rows: list[list[str]], chance: Random) -> None:
    space = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
    listed = f"<sst {space}>{''.join(f'<si>{one}</si>' for one in strings)}</sst>"
    cells = "".join(f"<row>{''.join(row)}</row>" for row in rows)
    sheet = f"<worksheet {space}><sheetData>{cells}</sheetData></worksheet>"
    content = archive({
        **package("xl", worksheet="sheet.xml", sharedStrings="strings.xml"),
        "xl/main.xml": f'<workbook {space} xmlns:r="{_RELATED}"><sheets><sheet name="Haus" r:id="r0"/></sheets></workbook>',
        "xl/sheet.xml": sheet,
        "xl/strings.xml": listed,
    })  # fmt: skip
    made = zipfile.ZipFile(io.BytesIO(translated("a.xlsx", content, chance)))
    for before, name in ((listed, "xl/strings.xml"), (sheet, "xl/sheet.xml")):
        new = made.read(name).decode()
        ET.fromstring(new)
        assert letters(new) == letters(before)
        for mark in ("<si>", "<f>", "<c", "<v>altes Haus</v>", "<v>3.5</v>", "<t>A-17</t>", "<row>"):
            assert new.count(mark) == before.count(mark)


# Books.
INLINE = st.recursive(
    st.one_of(
        SENTENCE, st.sampled_from([" ", "<br/>", '<img src="a.png" alt=""/>', "<code>x1</code>", '<a id="s3"/>'])
    ),
    lambda inner: st.builds(
        lambda name, items: f"<{name}>{''.join(items)}</{name}>",
        st.sampled_from(["b", "i", "span"]),
        st.lists(inner, max_size=3),
    ),
    max_leaves=6,
)
CHAPTER = st.lists(
    st.builds("<{0}>{1}</{0}>".format, st.sampled_from(["p", "h2", "li"]), st.lists(INLINE, max_size=4).map(" ".join)),
    max_size=3,
).map("".join)


@given(st.lists(CHAPTER, min_size=1, max_size=3), SENTENCE, CHANCE)
@EXAMPLES
def test_any_book(chapters: list[str], title: str, chance: Random) -> None:
    members = {f"OEBPS/{number}.xhtml": PAGE.format(chapter) for number, chapter in enumerate(chapters)}
    metadata = f"<d:title>{title}</d:title><d:creator>Ada Weg</d:creator><d:language>de</d:language>"
    content = book(dict(members), metadata=metadata)
    made = zipfile.ZipFile(io.BytesIO(translated("a.epub", content, chance)))
    assert made.namelist() == zipfile.ZipFile(io.BytesIO(content)).namelist()
    about = made.read("OEBPS/content.opf").decode()
    assert "<d:creator>Ada Weg</d:creator>" in about
    assert letters(re.findall("<d:title>(.*)</d:title>", about)[0]) == letters(title)
    for name, before in members.items():
        new = made.read(name).decode()
        ET.fromstring(new)
        for mark in ("<br/>", "<img ", "<code>x1</code>", '<a id="s3"/>', "<p>", "<h2>", "<li>"):
            assert new.count(mark) == before.count(mark)
        assert letters(new) == letters(before)


# Subtitles of the web.
CUE_LINE = st.lists(
    st.one_of(
        SENTENCE,
        st.builds(lambda name, text: f"<{name}>{text}</{name[0]}>", st.sampled_from(["b", "i", "c.laut"]), SENTENCE),
        st.sampled_from(["&amp;", "<00:00:07.000>"]),
    ),
    min_size=1, max_size=3,
).map(" ".join)  # fmt: skip
CUE = st.lists(CUE_LINE, min_size=1, max_size=2)


@given(st.lists(CUE, max_size=4), st.sampled_from(["\n", "\r\n"]), CHANCE)
@EXAMPLES
def test_any_subtitles_of_the_web(cues: list[list[str]], newline: str, chance: Random) -> None:
    blocks = ["WEBVTT", "NOTE Nur für Ada"]
    for number, lines in enumerate(cues):
        blocks.append("\n".join([f"{number}:00.500 --> {number}:03.000 align:start", *lines]))
    text = "\n\n".join(blocks) + "\n"
    new = translated("a.vtt", text.replace("\n", newline).encode(), chance).decode()
    assert new.count("\n") <= text.count("\n")
    assert new.count("\r") == (new.count("\n") if newline == "\r\n" else 0)
    assert re.findall(".*-->[^\r\n]*", new) == re.findall(".*-->.*", text)
    for kept in ("NOTE Nur für Ada", r"<[bic][.\w]*>", "</[bic]>", "<00:00:07.000>", "&amp;"):
        assert len(re.findall(kept, new)) == len(re.findall(kept, text))
    assert letters(new.partition("WEBVTT")[2]) == letters(text.partition("WEBVTT")[2])


# XLIFF 2.
UNIT_ITEM = st.recursive(
    st.one_of(SENTENCE, st.sampled_from(
        [" ", '<ph id="8" disp="%s"/>', '<ph id="9" dataRef="d3"/>', '<mrk id="m1" translate="no">Ada Weg</mrk>',
         '<sc id="5"/>Ufer Haus<ec startRef="5"/>', "<!-- so -->"]
    )),
    lambda inner: st.lists(inner, max_size=3).map(lambda items: f'<pc id="1">{"".join(items)}</pc>'),
    max_leaves=6,
)  # fmt: skip
SEGMENT = st.lists(UNIT_ITEM, max_size=4).map("".join)


@given(st.lists(SEGMENT, min_size=1, max_size=3), CHANCE)
@EXAMPLES
def test_any_file_for_translators_of_version_2(sources: list[str], chance: Random) -> None:
    data = '<originalData><data id="d3">&lt;br/&gt;</data></originalData>'
    segments = "".join(f"<segment><source>{source}</source></segment>" for source in sources)
    content = XLIFF2.format(f'<unit id="1">{data}{segments}</unit>')
    new = translated("a.xlf", content.encode(), chance).decode()
    ET.fromstring(new)
    assert re.findall("<source>(.*?)</source>", new, re.DOTALL) == sources
    for segment, source in zip(re.findall("<segment.*?</segment>", new, re.DOTALL), sources, strict=True):
        target = re.search("<target>(.*)</target>", segment, re.DOTALL)
        if target is None:
            continue
        for code in ("<ph ", "<mrk ", "<sc ", "<ec ", "<!-- so -->", "<pc ", "</pc>"):
            assert target[1].count(code) == source.count(code)
        assert letters(target[1]) == letters(source)
