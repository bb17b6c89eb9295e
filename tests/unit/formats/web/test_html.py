"""Web pages: what is read of them, and what they are with their translations."""

import io
import re
from xml.etree import ElementTree

import pytest
from hypothesis import given
from hypothesis import strategies as st

from formats.document import Notes, Options, Piece, Translated
from formats.web import html, xhtml
from pipeline.alignment import Link, words

GERMAN = Options(source="de", target="en", stated="de")


def read(page: str | bytes, options: Options = GERMAN, *, xml: bool = False, notes: Notes | None = None) -> list[str]:
    content = page if isinstance(page, bytes) else page.encode()
    texts = list((xhtml if xml else html).read(io.BytesIO(content), options, notes or Notes()))
    assert not [text for text in texts if not text.strip() or text != text.strip() or re.search(r"\n\s*\n", text)]
    # With its own texts a page comes back as it was.
    assert written(content, {}, options, xml=xml) == content
    return texts


def written(page: str | bytes, words_: dict[str, str], options: Options = GERMAN, *, xml: bool = False) -> bytes:
    content = page if isinstance(page, bytes) else page.encode()
    module = xhtml if xml else html
    texts = module.read(io.BytesIO(content), options, Notes())
    translated = (Translated([Piece(text, words_.get(text, text))]) for text in texts)
    return b"".join(module.write(io.BytesIO(content), translated, options))


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16-le", "utf-16-be", "utf-32-le"])
@pytest.mark.parametrize("marks", ["\ufeff", "\ufeff\ufeff"])
def test_marks_of_the_encoding_stay_as_many_as_they_are(encoding: str, marks: str) -> None:
    page = f"{marks}<p>Der Hof</p>".encode(encoding)
    assert written(page, {}) == page
    assert written(page, {"Der Hof": "The yard"}) == f"{marks}<p>The yard</p>".encode(encoding)


def test_blanks_within_what_is_kept_part_it_from_the_words_beside_it() -> None:
    page = '<p>Er kam aus<span lang="ja"> 東京 </span>zu uns, mit <span lang="fr">moi </span> und <code>x </code></p>'
    found = list(html.read(io.BytesIO(page.encode()), GERMAN, Notes()))
    assert found == ["Er kam aus {k1} zu uns, mit {k2} und {k3}"]
    assert written(page, {}) == page.encode()
    new = written(page, {found[0]: "With {k2} and {k3} he came from {k1} to us"}).decode()
    assert re.sub(r"\s+", " ", re.sub("<[^>]*>", "", new)).strip() == "With moi and x he came from 東京 to us"


def test_a_blank_that_is_written_as_an_entity_is_no_way_to_write_blanks() -> None:
    page = "<p>Ort &amp;&#x20;Hof am See</p>"
    new = written(page, {"Ort & Hof am See": "Place & yard at the lake"}).decode()
    assert new == "<p>Place &amp; yard at the lake</p>"


@pytest.mark.parametrize(
    ("page", "texts"),
    [
        # Lines that stand for themselves, and those in which a sentence goes on.
        ("<p>Erika Muster<br>Hauptstr. 5<br>10115 Berlin</p>", ["Erika Muster", "Hauptstr. 5", "10115 Berlin"]),
        (
            "<p>Wir freuen uns auf Ihren Besuch und<br/>wünschen eine gute Anreise.</p>",
            ["Wir freuen uns auf Ihren Besuch und\nwünschen eine gute Anreise."],
        ),
        ("<p>Wer reitet so spät?<br>Es ist der Vater;<br>Er hat ihn im Arm,<br>Er hält ihn warm.</p>", 4),
        (
            "<p>Das Haus, das am Ende der sehr langen Straße steht, gehört<br>Familie Berger.</p>",
            ["Das Haus, das am Ende der sehr langen Straße steht, gehört\nFamilie Berger."],
        ),
        ("<p>Eins.<br><br>Zwei.</p>", ["Eins.", "Zwei."]),
        ("<p>Eins<br></p><p>zwei</p>", ["Eins", "zwei"]),
        ("<p>Dort:<br>www.ort.example<br>info@ort.example</p>", ["Dort:"]),
        ("<p>- das Brot<br>- die Milch</p>", ["- das Brot", "- die Milch"]),
        # Preformatted text.
        ("<pre>Roter Mohn\n  Blauer Lein\n\nWeißer Klee</pre>", ["Roter Mohn", "Blauer Lein", "Weißer Klee"]),
        ("<pre>Wir gingen lange\nam Fluss entlang.</pre>", ["Wir gingen lange\nam Fluss entlang."]),
        ("<pre>Ort      Preis\nHafen    drei</pre>", ["Ort", "Preis", "Hafen", "drei"]),
        ('<pre class="highlight python"># Kommentar\nwert = 1</pre>', []),
        ("<textarea>Erste Zeile\nZweite Zeile</textarea>", ["Erste Zeile", "Zweite Zeile"]),
        # Menus, forms.
        ('<nav><a href="a">Start</a> <a href="b">Kontakt</a> | <a href="c">Über uns</a></nav>', 3),
        ("<div><a>Start</a><a>Kontakt</a></div>", ["Start", "Kontakt"]),
        ("<p>Lesen Sie <a>dies</a> und <a>das</a>.</p>", ["Lesen Sie dies und das."]),
        ("<form><label>Name</label> <input> <label>Ort</label> <input></form>", ["Name", "Ort"]),
        ("<p><input type=radio> Ja <input type=radio> Nein</p>", ["Ja", "Nein"]),
        ("<p>Ein <input type=hidden name=t> Satz</p>", ["Ein Satz"]),
        ("<button>Speichern</button> <button>Abbrechen</button>", ["Speichern", "Abbrechen"]),
        ("<select><optgroup label='Länder'><option>Schweden<option>Polen</select>", ["Schweden", "Polen", "Länder"]),
        # What nobody reads, and what is no language.
        ("<p>4711</p><p>https://ort.example/weg</p><p><code>x = 1</code></p><p>Weg</p>", ["Weg"]),
        ("<script>var a = '<p>Nein</p>';</script><style>p{}</style><template><p>Nein</p></template>Ja", ["Ja"]),
        ("<!--[if IE]><p>Nein</p><![endif]--><![if !IE]><p>Ja</p><![endif]>", ["Ja"]),
        ("<noscript><p>Bitte einschalten.</p></noscript>", ["Bitte einschalten."]),
        ("<frameset><frame src=a.html title='Das Menü'><noframes>Ohne Rahmen</noframes>", ["Ohne Rahmen", "Das Menü"]),
        ("<title>Max <max@ort.example> schreibt</title>", ["Max <max@ort.example> schreibt"]),
        ('<link rel="stylesheet" title="Haupt"><p title="Ein Wink">Weg</p>', ["Weg", "Ein Wink"]),
        ('<meta name="generator" content="Kiste"><meta property="og:description" content="Ein Weg">', ["Ein Weg"]),
        # Drawings.
        ("<p>Der <svg><path d='M0'/></svg> Weg</p>", ["Der  Weg".replace("  ", " ")]),
        ("<svg><title>Turm</title><text>Nord<tspan>see</tspan></text><style>a{}</style></svg>", 3),
        # Words that may be divided.
        ("<p>Donau&shy;dampf\u00adschiff</p>", ["Donaudampfschiff"]),
        # Broken.
        ('<p class="a"">Eins</p><p>Zwei</p>', ["Eins", "Zwei"]),
        ('<p>Das Letzte <a href="unfertig.html>ist kaputt.</p>', ["Das Letzte ist kaputt."]),
        ("<p title=it's>Eins</p>", ["Eins", "it's"]),
        ("<table><tr><td>Eins<td>Zwei<tr><td>Drei</table>", ["Eins", "Zwei", "Drei"]),
    ],
)
def test_texts_are_what_stands_for_itself(page: str, texts: list[str] | int) -> None:
    found = read(page)
    assert (len(found) if isinstance(texts, int) else found) == texts


def test_a_page_keeps_its_encoding_and_its_line_ends() -> None:
    page = '<html><meta charset="windows-1252"><p>Grüße</p>\r\n<p>Ende\r\nhier</p>'.encode("cp1252")
    assert read(page) == ["Grüße", "Ende hier"]
    assert written(page, {"Grüße": "€ Ω"}).endswith("<p>€ &#937;</p>\r\n<p>Ende\r\nhier</p>".encode("cp1252"))
    for encoding in ("utf-8-sig", "utf-16"):
        page = "<p>Größe</p><p>Weg</p>".encode(encoding)
        assert read(page) == ["Größe", "Weg"]
        assert written(page, {"Weg": "Way ☺"}) == "<p>Größe</p><p>Way ☺</p>".encode(encoding)


def test_values_of_attributes_are_written_so_that_they_can_be_read() -> None:
    page = "<img alt='Ein \"Weg\"' title=Weg width=3><svg><title>Turm</title></svg>"
    assert written(page, {'Ein "Weg"': 'A "way" & more', "Weg": "a > b", "Turm": "a < b"}) == (
        b'<img alt="A &quot;way&quot; &amp; more" title="a &gt; b" width=3><svg><title>a &lt; b</title></svg>'
    )


def test_the_language_is_named_where_it_was_the_source_s_and_anything_has_changed() -> None:
    page = (
        '<html lang="de-AT" xml:lang="de" dir="ltr"><meta http-equiv="content-language" content="de">'
        '<p>Weg</p><p lang="fr">Le chemin</p><p lang="en">The way</p></html>'
    )
    assert read(page) == ["Weg"]
    assert (
        written(page, {"Weg": "Way"})
        == page.replace('"de-AT"', '"en"').replace('"de"', '"en"').replace("Weg", "Way").encode()
    )
    # It holds for all of a large page, and what was found out changes no text.
    long = '<html lang="de">' + "<p>Weg</p>" * 7_000 + '<p lang="de">Ende</p>'
    assert written(long, {"Weg": "Way"}).endswith(b'<p>Way</p><p lang="en">Ende</p>')
    for source in ("", "de", "fr"):
        assert read(page, Options(source=source, target="en")) == ["Weg"]
    # A page that says it is in the language of its translation says what its template said.
    assert read('<html lang="en"><p lang="de">Weg</p>', Options(target="en")) == ["Weg"]


def test_what_was_left_is_told() -> None:
    notes = Notes()
    read(
        "<p>Der <code>a</code> <math><mi>x</mi></math> <i translate=no>Rex</i> <i lang=fr>oui</i></p><script>1</script>",
        notes=notes,
    )
    assert notes.left == {
        "code": 1,
        "formulas": 1,
        "texts marked as not to be translated": 1,
        "texts in other languages": 1,
    }
    assert read('<html translate="no" class="notranslate"><body class="notranslate"><p>Weg</p>') == ["Weg"]


def test_xhtml_stays_well_formed() -> None:
    page = (
        '<?xml version="1.0"?><!DOCTYPE html [<!ENTITY weg "<b>">]><html xmlns="http://www.w3.org/1999/xhtml"><head>'
        "<title/><script>//<![CDATA[\nif (1 < 2 && 3) {}\n//]]></script></head><body><p>Ein <![CDATA[<Satz> & mehr]]>.</p>"
        "<p>Der <img src='a' alt='Weg'></img> Weg<br></br>geht.</p><p/><a id='x'/><p>Zwei</p></body></html>"
    )
    assert read(page, xml=True) == ["Ein <Satz> & mehr.", "Der Weg\ngeht.", "Zwei", "Weg"]
    new = written(page, {"Ein <Satz> & mehr.": "A <b> & c", "Der Weg\ngeht.": "The\nway goes", "Weg": "w"}, xml=True)
    ElementTree.fromstring(new)
    assert b"<p>A &lt;b&gt; &amp; c</p>" in new
    assert b"if (1 < 2 && 3) {}" in new


def test_a_declared_set_of_entities_is_no_text() -> None:
    page = '<!DOCTYPE html [\n<!ENTITY weg "Der Weg">\n]>\n<html><p>Ja &weg; da</p></html>'
    assert read(page, xml=True) == ["Ja {k1} da"]
    assert written(page, {"Ja {k1} da": "Yes {k1}"}, xml=True).endswith(b"<p>Yes &weg;</p></html>")


_LEAVES = st.sampled_from(
    ["alte", "Weg", "geht", "&amp;", "3", "<br/>", "<img alt='Bild'/>", "<!-- n -->", "<![CDATA[<]]>"]
)
_TREES = st.recursive(
    _LEAVES,
    lambda inner: st.tuples(
        st.sampled_from(["b", "i", "a", "p", "div", "pre", "ul", "td", "code", "sup", "svg", "title", "button"]),
        st.lists(inner, max_size=5),
    ).map(lambda one: f"<{one[0]}>{' '.join(one[1])}</{one[0]}>"),
    max_leaves=30,
)


@given(_TREES, st.randoms(use_true_random=False))
def test_any_tree_stays_well_formed_with_its_words_in_any_order(tree: str, random: object) -> None:
    page = f"<body>{tree}</body>"

    def shuffled(text: str) -> Translated:
        spans = words(text)
        order = list(range(len(spans)))
        random.shuffle(order)  # type: ignore[attr-defined]  # Hypothesis gives a Random.
        out, links = "", []
        for number in order:
            start = len(out)
            out += text[slice(*spans[number])] + " "
            links.append(Link(spans[number], (start, len(out) - 1), 1.0))
        return Translated([Piece(text, out.strip() or text, links if out.strip() else ())])

    texts = read(page, xml=True)
    new = b"".join(xhtml.write(io.BytesIO(page.encode()), map(shuffled, texts), GERMAN)).decode()
    ElementTree.fromstring(new)
    for mark in ("<br/>", "<img", "<!-- n -->", "<b>", "<a>", "<sup>", "<code>"):
        assert new.count(mark) == page.count(mark)
