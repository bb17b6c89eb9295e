"""Word documents, with python-docx as a witness."""

import io
import re
import zipfile
from functools import cache
from random import Random
from typing import Any

import pytest
from docx.oxml import parse_xml
from docx.oxml.ns import qn
from hypothesis import given, settings
from hypothesis import strategies as st

from formats.document import Piece, Translated
from pipeline.alignment import Link, words
from tests.unit.formats.reading import aligned, texts_in, translated_bytes
from tests.unit.formats.test_contract import EXPECTED, FOLDER, in_capitals, texts_of, written

INLINE = [
    (name, one["in"], one["text"], one["kind"])
    for name, about in EXPECTED.items()
    if name.startswith("docx/")
    for one in about.get("inline", ())
]


def has(run: Any, kind: str) -> bool:
    """Whether a run of python-docx has markup."""
    look = run.find(qn("w:rPr"))
    inside = {parent.tag for parent in run.iterancestors()}
    if kind == "link":
        return qn("w:hyperlink") in inside or in_field(run)
    tag = {"bold": "w:b", "italic": "w:i", "color": "w:color", "sub": "w:vertAlign"}[kind]
    return look is not None and look.find(qn(tag)) is not None


def in_field(run: Any) -> bool:
    depth = 0
    for one in run.getparent().iter(qn("w:fldChar"), qn("w:r")):
        if one is run:
            return depth > 0
        if one.tag == qn("w:fldChar"):
            depth += {"separate": 1, "end": -1}.get(one.get(qn("w:fldCharType")), 0)
    return False


def marked(paragraph: Any, kind: str) -> list[str]:
    """Return the stretches of a paragraph that have markup."""
    found, text = [], ""
    for run in paragraph.iter(qn("w:r")):
        mine = "".join(one.text or "" for one in run.iter(qn("w:t")))
        if has(run, kind):
            text += mine
        elif text and mine:
            found.append(text)
            text = ""
    return [*found, text] if text else found


def paragraphs_of(content: bytes) -> list[Any]:
    archive = zipfile.ZipFile(io.BytesIO(content))
    names = [name for name in archive.namelist() if re.match(r"word/(document|footnotes|comments)\.xml", name)]
    return [one for name in names for one in parse_xml(archive.read(name)).iter(qn("w:p"))]


def text_of(paragraph: Any) -> str:
    return "".join(one.text or "" for one in paragraph.iter(qn("w:t")))


@cache
def loud(name: str) -> bytes:
    content = (FOLDER / name).read_bytes()
    return written(name, content, map(in_capitals, texts_of(name, content)))


@pytest.mark.parametrize(("name", "sentence", "text", "kind"), INLINE)
def test_markup_stands_around_the_words_that_its_words_became(name: str, sentence: str, text: str, kind: str) -> None:
    (paragraph, *_) = [one for one in paragraphs_of(loud(name)) if sentence.upper() in text_of(one).upper()]
    if kind == "footnote mark behind it":
        runs = list(paragraph.iter(qn("w:r")))
        place = next(n for n, run in enumerate(runs) if run.find(qn("w:footnoteReference")) is not None)
        assert text_of(runs[place - 1].getparent()).startswith("DER " + text.upper())
        assert "".join(one.text for run in runs[:place] for one in run.iter(qn("w:t"))) == "DER " + text.upper()
    elif text == "teil":
        # The word is one in English.
        assert marked(paragraph, kind) == ["WORTTEIL"]
    else:
        assert text.upper() in [one.strip() for one in marked(paragraph, kind)]


W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
HEAD = (
    f'<w:document xmlns:w="{W}" xmlns:m="http://schemas.openxmlformats.org/officeDocument/2006/math" '
    'xmlns:wp="http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing" '
    'xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006"><w:body>'
)
FIXED = {
    "[Content_Types].xml": '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"/>',
    "_rels/.rels": '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
    '<Relationship Id="a" Target="word/document.xml" '
    'Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument"/></Relationships>',
}


def document(body: str, **parts: str) -> bytes:
    """Return a small document; `parts`: further members, whose names have `__` for a slash."""
    out = io.BytesIO()
    members = FIXED | {"word/document.xml": f"{HEAD}{body}</w:body></w:document>"}
    members |= {name.replace("__", "/"): content for name, content in parts.items()}
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return out.getvalue()


def body_of(content: bytes) -> str:
    text = zipfile.ZipFile(io.BytesIO(content)).read("word/document.xml").decode()
    return text[text.index("<w:body>") + 8 : text.index("</w:body>")]


WORDS = st.lists(
    st.sampled_from(["Haus", "alte", "am", "Ufer,", "Fluss", "&", "steht.", "Dann", "3"]), min_size=1, max_size=4
)
LOOKS = st.sampled_from(["", "<w:rPr><w:b/></w:rPr>", '<w:rPr><w:i/><w:lang w:val="de-DE"/></w:rPr>', "<w:rPr/>"])
SPACES = st.sampled_from(["", " "])


@st.composite
def runs(draw: st.DrawFn) -> str:
    words = " ".join(draw(WORDS)).replace("&", "&amp;")
    text = f'<w:t xml:space="preserve">{draw(SPACES)}{words}{draw(SPACES)}</w:t>'
    return f"<w:r>{draw(LOOKS)}{text}{draw(st.sampled_from(['', '<w:tab/>', '<w:br/>', '<w:softHyphen/>']))}</w:r>"


def marks() -> st.SearchStrategy[str]:
    number = st.integers(0, 99)
    return st.one_of(
        number.map(lambda n: f'<w:bookmarkStart w:id="{n}" w:name="z{n}"/>'),
        number.map(lambda n: f'<w:r><w:footnoteReference w:id="{n}"/></w:r>'),
        number.map(lambda n: f"<w:r><w:rPr><w:vanish/></w:rPr><w:t>geheim{n}</w:t></w:r>"),
        number.map(lambda n: f'<w:del w:id="{n}"><w:r><w:delText>weg{n}</w:delText></w:r></w:del>'),
        number.map(
            lambda n: f'<w:r><w:drawing><wp:docPr id="{n}" name="Bild {n}" descr="Ein Bild vom Tor"/></w:drawing></w:r>'
        ),
        number.map(lambda n: f"<m:oMath><m:r><m:t>x{n}</m:t></m:r></m:oMath>"),
        number.map(lambda n: FIELD.format(f"PAGEREF z{n}", f"<w:r><w:t>{n}</w:t></w:r>")),
    )


FIELD = (
    '<w:r><w:fldChar w:fldCharType="begin"/></w:r><w:r><w:instrText>{}</w:instrText></w:r>'
    '<w:r><w:fldChar w:fldCharType="separate"/></w:r>{}<w:r><w:fldChar w:fldCharType="end"/></w:r>'
)
CONTENT = st.recursive(
    st.one_of(runs(), marks()),
    lambda inner: st.builds(
        lambda frame, items: frame.format("".join(items)),
        st.sampled_from(
            [
                '<w:hyperlink w:anchor="ziel">{}</w:hyperlink>',
                '<w:hyperlink w:anchor="ziel" w:tooltip="Ein Hinweis">{}</w:hyperlink>',
                '<w:bdo w:val="rtl">{}</w:bdo>',
                '<w:ins w:id="1">{}</w:ins>',
                "<w:sdt><w:sdtPr><w:tag/></w:sdtPr><w:sdtContent>{}</w:sdtContent></w:sdt>",
                FIELD.format('HYPERLINK "https://a.example"', "{}"),
                '<w:commentRangeStart w:id="7"/>{}<w:commentRangeEnd w:id="7"/>',
                '<w:commentRangeStart w:id="8"/>{}<w:commentRangeEnd w:id="8"/>',
                '<w:bookmarkStart w:id="7" w:name="lesezeichen"/>{}<w:bookmarkEnd w:id="7"/>',
            ]
        ),
        st.lists(inner, max_size=3),
    ),
    max_leaves=8,
)


def stays(body: str) -> list[str]:
    """Return what has to be there as often as before."""
    found = re.findall(
        r"<w:(?:bookmark|commentRange)(?:Start|End)[^>]*>"
        r'|<w:footnoteReference[^>]*>|geheim\d+|<w:del [^>]*>|weg\d+|<wp:docPr id="\d+"'
        r"|x\d+(?=</m:t>)|PAGEREF z\d+",
        body,
    )
    return sorted(found)


def ends_first(body: str) -> int:
    """Return how many ranges that are there once, as siblings of words, end before they begin."""
    return sum(
        body.count(f"<{start}") == 1 and body.index(f"<{end}") < body.index(f"<{start}")
        for kind, number in (("w:commentRange", 7), ("w:commentRange", 8))
        for start, end in [(f'{kind}Start w:id="{number}"', f'{kind}End w:id="{number}"')]
    )


@pytest.mark.parametrize("kind", ["commentRange", "bookmark"])
def test_a_range_stands_around_the_words_that_its_words_became(kind: str) -> None:
    run = '<w:r><w:t xml:space="preserve">{}</w:t></w:r>'
    start, end = f'<w:{kind}Start w:id="4" w:name="a"/>', f'<w:{kind}End w:id="4"/>'
    note = '<w:r><w:commentReference w:id="4"/></w:r>'
    words_ = ["Gestern hat ", "der Bote ", "den Brief gebracht."]
    first, inside, last = (run.format(one) for one in words_)
    content = document(f"<w:p>{first}{start}{inside}{end}{note}{last}</w:p>")
    new = aligned("".join(words_), "The messenger brought the letter yesterday.", "0-5 1-2 2-0 3-1 4-3 5-4 6-2")
    found = body_of(translated_bytes("a.docx", content, lambda _: new))
    assert f"<w:p>{start}{run.format('The messenger')}{end}" in found
    assert found.count(note) == 1
    # Words that are gone leave the range where it harms nothing.
    gone = body_of(translated_bytes("a.docx", content, lambda text: Translated([Piece(text, "", [])])))
    assert f"{start}{end}" in gone


def test_ranges_of_many_ends_are_found_quickly() -> None:
    starts = "".join(f'<w:bookmarkStart w:id="{n}" w:name="a{n}"/><w:r><w:t>Wort </w:t></w:r>' for n in range(3000))
    crossing = "".join(f'<w:bookmarkEnd w:id="{n}"/>' for n in range(3000))
    content = document(f"<w:p>{starts}{crossing}</w:p>")
    found = body_of(translated_bytes("a.docx", content, str.upper))
    assert stays(found) == stays(body_of(content))


@given(st.lists(CONTENT, min_size=1, max_size=6), st.randoms(use_true_random=False))
@settings(max_examples=50, deadline=None)
def test_any_paragraph_with_words_in_any_order_is_well_formed_and_has_every_mark(
    items: list[str], random: Random
) -> None:
    before = f'<w:p><w:pPr><w:jc w:val="left"/></w:pPr>{"".join(items)}</w:p>'
    content = document(before)
    texts = texts_of("a.docx", content)
    assert written("a.docx", content, (Translated([Piece(text, None)]) for text in texts)) == content

    def shuffled(text: str) -> Translated:
        parts = re.sub(r"(\{k\d+\})", r" \1 ", text).split()
        random.shuffle(parts)
        new = " ".join(part if part.startswith("{") else part.upper() for part in parts)
        here, there = words(text), words(new)
        links = [Link(random.choice(here), random.choice(there), 1.0) for _ in here] if random.random() < 0.8 else []
        return Translated([Piece(text, new, links)])

    became = [shuffled(text) for text in texts]
    after = body_of(written("a.docx", content, iter(became)))
    tree = parse_xml(f"{HEAD}{after}</w:body></w:document>".encode())
    assert stays(after) == stays(before)
    depth = 0
    for one in tree.iter(qn("w:fldChar")):
        depth += {"begin": 1, "separate": 0, "end": -1}[one.get(qn("w:fldCharType"))]
        assert depth >= 0
    assert depth == 0
    assert not [run for run in tree.iter(qn("w:r")) if run.getparent().tag == qn("w:r")]
    assert ends_first(before) >= ends_first(after)
    shown = "".join(
        (one.text or "") + one.get("descr", "") + one.get(qn("w:tooltip"), "")
        for one in tree.iter(qn("w:t"), qn("wp:docPr"), qn("w:hyperlink"))
    )
    # Hidden text may stand within a word.
    shown = re.sub(r"geheim\d+", "", shown)
    for one in became:
        for word in re.sub(r"\{k\d+\}", " ", one.text).split():
            assert word in shown


STYLES = {
    "Leise": "<w:rPr><w:vanish/></w:rPr>",
    "Enkel": '<w:basedOn w:val="Kind"/>',
    "Kind": '<w:basedOn w:val="Leise"/>',
    "Laut": '<w:basedOn w:val="Kind"/><w:rPr><w:vanish w:val="0"/></w:rPr>',
    "LautesKind": '<w:basedOn w:val="Laut"/>',
    "Marke": "<w:rPr><w:vanish/><w:specVanish/></w:rPr>",
    "Kreis": '<w:basedOn w:val="Kreis2"/>',
    "Kreis2": '<w:basedOn w:val="Kreis"/>',
}


@pytest.mark.parametrize(
    ("style", "look", "shown"),
    [
        ("Leise", "", False),
        ("Kind", "<w:b/>", False),
        ("Enkel", "", False),
        ("Enkel", "<w:vanish w:val='false'/>", True),
        ("Enkel", '<w:rStyle w:val="Zeichen"/>', True),
        ("Laut", "", True),
        ("Laut", '<w:rStyle w:val="Zeichen"/>', False),
        ("LautesKind", "", True),
        ("Marke", "", True),
        ("Kreis", "", True),
        ("Fehlt", "", True),
    ],
)
def test_text_that_the_style_of_its_paragraph_hides_stays(style: str, look: str, shown: bool) -> None:
    styles = "".join(f'<w:style w:styleId="{key}">{says}</w:style>' for key, says in STYLES.items())
    relation = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    content = document(
        f'<w:p><w:pPr><w:pStyle w:val="{style}"/></w:pPr><w:r><w:rPr>{look}</w:rPr><w:t>Ein Satz.</w:t></w:r></w:p>',
        **{
            "word__styles.xml": f'<w:styles xmlns:w="{W}">{styles}'
            '<w:style w:styleId="Zeichen" w:type="character"><w:basedOn w:val="Leise"/></w:style></w:styles>',
            "word___rels__document.xml.rels": "<Relationships "
            'xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
            f'<Relationship Id="s" Type="{relation}/styles" Target="styles.xml"/></Relationships>',
        },
    )
    assert texts_of("a.docx", content) == (["Ein Satz."] if shown else [])
    after = body_of(written("a.docx", content, map(in_capitals, texts_of("a.docx", content))))
    assert ("EIN SATZ." in after, "Ein Satz." in after) == (shown, not shown)


@pytest.mark.parametrize("name", ["bdo", "dir"])
def test_text_of_a_direction_of_its_own_is_part_of_the_sentence(name: str) -> None:
    run = '<w:r><w:t xml:space="preserve">{}</w:t></w:r>'
    inner = f'<w:{name} w:val="rtl">{{}}</w:{name}>'
    content = document(f"<w:p>{run.format('Lesen:')}{inner.format(run.format(' von rechts'))}</w:p>")
    assert texts_in("a.docx", content) == ["Lesen: von rechts"]
    new = body_of(
        translated_bytes("a.docx", content, lambda text: aligned(text, "Read: from right", "0-0 1-1 2-2 3-3"))
    )
    assert new.index(f"<w:{name} ") < new.index("from right") < new.index(f"</w:{name}>")


def test_a_word_from_the_right_is_foreign_in_a_text_from_the_left_alone() -> None:
    run = '<w:r><w:t xml:space="preserve">{}</w:t></w:r>'
    word = f'<w:bdo w:val="rtl">{run.format("שלום")}</w:bdo>'
    assert texts_in("a.docx", document(f"<w:p>{word}{run.format(' heißt Frieden.')}</w:p>")) == ["{k1} heißt Frieden."]
    assert texts_in("a.docx", document(f"<w:p>{word}{run.format(' עולם')}</w:p>")) == ["שלום עולם"]


@pytest.mark.parametrize("text", ["Die Seite", "12"])
def test_what_a_link_says_when_one_points_at_it_is_translated(text: str) -> None:
    link = '<w:p><w:hyperlink w:anchor="a" w:tooltip="{}"><w:r><w:t>{}</w:t></w:r></w:hyperlink></w:p>'
    content = document(link.format("Zum Inhalt &amp; zurück", text))
    assert "Zum Inhalt & zurück" in texts_in("a.docx", content)
    new = translated_bytes("a.docx", content, lambda one: "To the contents" if "&" in one else one)
    assert body_of(new) == link.format("To the contents", text)
