"""Any paragraph with any translation comes out well-formed, with everything that it had."""

import io
import re
from collections import Counter
from contextlib import suppress
from xml.etree import ElementTree

from hypothesis import given
from hypothesis import strategies as st

from formats.document import Notes, Piece, Translated
from formats.errors import DocumentError
from formats.office import opendocument
from pipeline.alignment import Link, words
from tests.unit.formats.office.opendocuments import OPTIONS, odt, parts, texts, write

STYLES = "".join(
    f'<style:style style:name="T{number}" style:family="text"><style:text-properties {look}/></style:style>'
    for number, look in enumerate(
        ('fo:font-weight="bold"', 'officeooo:rsid="1"', 'fo:font-style="italic"', 'fo:color="#f00"')
    )
)
NOTE = (
    '<text:note text:id="{0}" text:note-class="footnote"><text:note-citation>1</text:note-citation><text:note-body>'
    "<text:p>Note {0} hier.</text:p></text:note-body></text:note>"
)
POINTS = st.sampled_from([
    '<text:bookmark text:name="{}"/>', '<text:soft-page-break/>', NOTE, '<text:change text:change-id="{}"/>',
    '<draw:frame draw:name="{}"><draw:image xlink:href="a"/><svg:title>Bild {} dort</svg:title></draw:frame>',
    '<text:span text:style-name="T0"/>', '<text:page-number>{}</text:page-number>',
    '<office:annotation office:name="{}"><text:p>Was?</text:p></office:annotation>', '<text:bookmark-end text:name="{}"/>',
])  # fmt: skip
WORDS = st.sampled_from(
    ["Haus ", "und ", "Tür", ", ", ". ", " ", "&amp; ", "{k1} ", "Gär", "&lt;", "\n ", "ß\u00a0", "\ue001"]
)
SPACES = st.sampled_from(["<text:s/>", '<text:s text:c="4"/>', "<text:tab/>", "<text:line-break/>"])


@st.composite
def paragraphs(draw: st.DrawFn) -> str:
    """Return what may stand in a paragraph."""
    number = iter(range(1000))

    def within(depth: int) -> str:
        out = ""
        for _ in range(draw(st.integers(0, 4))):
            kind = draw(st.integers(0, 6 if depth else 3))
            if kind <= 1:
                out += draw(WORDS)
            elif kind == 2:
                name = f"n{next(number)}"
                out += draw(POINTS).format(name, name)
            elif kind == 3:
                out += draw(SPACES)
            elif kind == 4:
                out += f'<text:a xlink:href="#{next(number)}">{within(depth - 1)}</text:a>'
            elif kind == 5:
                name = f"r{next(number)}"
                start, end = f'<text:bookmark-start text:name="{name}"/>', f'<text:bookmark-end text:name="{name}"/>'
                out += f"{start}{within(depth - 1)}{end}"
            else:
                style = draw(st.integers(0, 3))
                out += f'<text:span text:style-name="T{style}">{within(depth - 1)}</text:span>'
        return out

    return within(3)


@st.composite
def translation(draw: st.DrawFn, text: str) -> Translated:
    """Return a text with its words in another order, some twice and some not at all, or as it was."""
    found = text.split()
    if draw(st.integers(0, 3)) == 0:
        return Translated([Piece(text, None)])
    order = draw(st.lists(st.sampled_from(found), max_size=len(found) + 1)) if draw(st.booleans()) else found[::-1]
    new = " ".join(word if word.startswith("{") else word.swapcase() for word in order)
    here, there = words(text), words(new)
    if not there:
        return Translated([Piece(text, new)])
    links = draw(st.lists(st.tuples(st.sampled_from(here), st.sampled_from(there)), max_size=8))
    return Translated([Piece(text, new, [Link(one, other, 0.5) for one, other in links])])


def plain(xml: str) -> str:
    """Return the text of a content."""
    return "".join(ElementTree.fromstring(xml).itertext())


def letters(text: str) -> Counter[str]:
    """Count the letters of a text but for those of names."""
    return Counter(letter for letter in text if letter.isalpha() and letter != "k")


def marks(xml: str) -> Counter[str]:
    """Return what stands in a content that is no span and no text."""
    return Counter(
        re.findall(
            r'text:name="\w+"|<text:soft-page-break/>|text:id="\w+"|change-id="\w+"|draw:name="\w+"|<text:line-break/>'
            r"|<text:tab/>|<text:page-number>|office:name=\"\w+\"",
            xml,
        )
    )


@given(st.lists(paragraphs(), min_size=1, max_size=3), st.data())
def test_any_paragraph_with_any_translation(inner: list[str], data: st.DataObject) -> None:
    file = odt("".join(f"<text:p>{one}</text:p>" for one in inner), STYLES)
    found = texts(file)
    assert not [text for text in found if text != text.strip() or not text or re.search(r"\n\s*\n", text)]
    assert write(file, (Translated([Piece(text, text)]) for text in found)) == file
    given_ = [data.draw(translation(text)) for text in found]
    new = parts(write(file, given_))["content.xml"]
    assert marks(new) == marks(parts(file)["content.xml"])
    wanted = letters(plain(parts(file)["content.xml"]))
    for one in given_:
        if one.changed:
            wanted.subtract(letters(one.source))
            wanted.update(letters(one.text))
    assert +wanted == letters(plain(new))
    if not any(one.changed for one in given_):
        assert new == parts(file)["content.xml"]


@given(st.binary(max_size=300), st.integers(0, 400), st.integers(1, 40))
def test_damage_is_told_or_does_no_harm(junk: bytes, place: int, length: int) -> None:
    good = odt("<text:p>Ein Haus <text:span text:style-name='T0'>und</text:span> ein Garten.</text:p>", STYLES)
    bad = good[:place] + junk + good[place + length :]
    with suppress(DocumentError):
        list(opendocument.read(io.BytesIO(bad), OPTIONS, Notes()))
