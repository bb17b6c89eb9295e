"""HTML and XML around translated sentences."""

from collections import Counter
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from formats.markup.document import Markup
from formats.markup.rules import Rules
from formats.markup.tokens import tokens
from pipeline.alignment import Link, words

HTML = Rules()
XML = Rules(html=False)

PAGE = """<!DOCTYPE html>
<html lang="de"><head><title>Der Hund &amp; das Haus</title>
<style>p { color: red; } /* <p>nicht</p> */</style><script>if (a < b) { go("<p>") }</script></head>
<body class='a "b"'><h1>&Uuml;berschrift</h1>
<p>Der <b>kleine</b> Hund
   schl&auml;ft&nbsp;im <a href="https://example.org/?a=1&amp;b=2">Haus</a>.<br>
Er <i>tr&#228;umt</i>.</p>
<!-- ein Kommentar > --><ul><li>Eins<li>Zwei &lt; Drei</ul>
<p>Rufe <code>f(x) &lt; 1</code> auf, <span class="x notranslate">Satz&shy;strom</span>.</p>
<pre>so
  bleibt es</pre></body></html>
"""

FRAGMENTS = [
    *("Wort", "Ein Satz. ", " ", "\n  ", "\r\n", "\t", "\u00a0", "{k1}", "'", '"', "&", "<", ">", "</", "]]>"),
    *("&amp;", "&auml;", "&nosuch;", "&#0;", "&lt;", "<!-- x -->", "<!--", "<?pi?>", "<![CDATA[ x ]]>", '<a href="'),
    *("<b>", "</b>", "<p>", "</p>", "<br/>", "<br>", "<i class='x'>", "</i>", "<p translate=no>"),
    *("<code>", "</code>", "<script>", "</script>"),
]
fragments = st.lists(st.sampled_from(FRAGMENTS), max_size=25).map("".join)


def pieces(text: str, *translations: tuple[str, str]) -> list[tuple[str, str | None]]:
    """Return a text in pieces, of which those that are named are translated."""
    found: list[tuple[str, str | None]] = []
    for source, translation in translations:
        before, met, text = text.partition(source)
        assert met, source
        found += [(before, None), (source, translation)]
    return [*found, (text, None)]


def restored(source: str, *translations: tuple[str, str], rules: Rules = HTML) -> str:
    markup = Markup(source, rules)
    return markup.restore(pieces(markup.text, *translations))


@given(fragments, st.sampled_from([HTML, XML]), st.lists(st.integers(0, 200)))
def test_what_is_not_changed_comes_back_byte_for_byte(source: str, rules: Rules, cuts: list[int]) -> None:
    assert "".join(token.raw for token in tokens(source, html=rules.html)) == source
    markup = Markup(source, rules)
    places = sorted({0, len(markup.text), *(min(cut, len(markup.text)) for cut in cuts)})
    parts = [markup.text[start:end] for start, end in pairwise(places)]
    assert markup.restore([(part, part) for part in parts]) == source
    assert markup.restore([(part, None) for part in parts]) == source


@given(fragments, st.lists(st.tuples(st.integers(0, 40), st.integers(0, 6), st.integers(1, 100)), max_size=30))
def test_no_tag_is_lost_in_a_translation_and_what_encloses_what_stays(
    source: str, numbers: list[tuple[int, int, int]]
) -> None:
    markup = Markup(source, HTML)
    translation = "Something else <here>, again."
    froms, tos = words(markup.text), words(translation)
    links = [Link(froms[one], tos[two], weight / 100) for one, two, weight in numbers if one < len(froms)]
    found = markup.restore([(markup.text, translation)], [links]) if markup.text else source
    assert nesting(found) == nesting(source)


def nesting(source: str) -> Counter[tuple[str, ...]]:
    """Return the tags of a text, each with the elements around it; unclosed elements are not looked into."""
    found: Counter[tuple[str, ...]] = Counter()
    around: list[str] = []
    listed = list(tokens(source, html=True))
    for number, token in enumerate(listed):
        if token.kind == "open" and any(one.raw == f"</{token.name}>" for one in listed[number:]):
            around.append(token.raw)
        if token.kind in ("open", "empty"):
            found[(*around, token.raw)] += 1
        elif token.kind == "close":
            found[(token.raw,)] += 1
            if around and around[-1].startswith(f"<{token.name}"):
                around.pop()
    return found


def test_a_page_is_read_as_its_reader_sees_it() -> None:
    markup = Markup(PAGE, HTML)
    assert markup.text == (
        "Der Hund & das Haus\n\nÜberschrift\n\nDer kleine Hund schläft\u00a0im Haus.\nEr träumt.\n\nEins\n\nZwei < Drei\n\n"
        "Rufe {k1} auf, {k2}.\n\nso\n  bleibt es\n\n"
    )
    assert markup.restore([(markup.text, None)]) == PAGE


def test_tags_come_back_at_the_corresponding_words() -> None:
    assert restored(
        "<p>Der <b>kleine</b> Hund schläft &amp; träumt.</p>",
        ("Der kleine Hund schläft & träumt.", "The little dog sleeps & dreams."),
    ) == "<p>The <b>little</b> dog sleeps &amp; dreams.</p>"  # fmt: skip
    link = restored(
        'Der Hund ist im <a href="x">Haus</a>. „<i>Ja</i>“',
        ("Der Hund ist im Haus.", "The dog is in the house."),
        ("„Ja“", "“Yes”"),
    )
    assert link == 'The dog is in the <a href="x">house</a>. “<i>Yes</i>”'
    assert restored("<b>Guten Tag.</b>", ("Guten Tag.", "Hello.")) == "<b>Hello.</b>"
    assert restored("Das ist <b>wichtig</b>!", ("Das ist wichtig!", "That matters!")).count("<b>") == 1


def test_an_element_may_end_where_its_sentence_ends() -> None:
    source = '<li>Zweitens: <i><u>Brot</u><img src="b"></i></li><li>Drittens'
    markup = Markup(source, HTML)
    assert markup.text == "Zweitens: Brot\n\nDrittens"
    links = [Link((0, 8), (0, 8), 0.6), Link((8, 9), (8, 9), 0.5), Link((10, 14), (10, 15), 0.7)]
    found = markup.restore([("Zweitens: Brot", "Secondly, bread"), ("\n\nDrittens", None)], [links, []])
    assert found == '<li>Secondly, <i><u>bread</u><img src="b"></i></li><li>Drittens'


def test_attributes_that_people_read_are_translated_behind_the_text() -> None:
    source = "<p>Ein <img src=a alt=\"Ein &quot;Hund&quot;\" title='Haus'> Bild<input type=submit value=Los>.</p>"
    markup = Markup(source, HTML)
    assert markup.text == 'Ein Bild.\n\nEin "Hund"\n\nHaus\n\nLos\n\n'
    assert restored(source, ("Ein Bild.", "A picture."), ('Ein "Hund"', 'A "dog"'), ("Haus", "House & home")) == (
        '<p>A <img src=a alt="A &quot;dog&quot;" title="House &amp; home"> picture<input type=submit value=Los>.</p>'
    )
    assert restored(source, ("Ein Bild.", "Ein Bild.")) == source


def test_language_of_the_translation_is_named_where_the_source_was() -> None:
    source = '<html lang=de-CH><p xml:lang="de">Hallo <i lang="fr">Monde</i></p><p>Ja</p></html>'
    rules = Rules(source="de", target="en")
    assert Markup(source, rules).text == "Hallo {k1}\n\nJa\n\n"
    assert restored(source, ("Ja", "Yes"), rules=rules) == source.replace("de-CH", '"en"').replace(
        '"de"', '"en"'
    ).replace("Ja", "Yes")
    assert restored(source, ("Ja", "Ja"), rules=rules) == source
    detected = Markup(source, Rules(target="en"))
    assert detected.text == "Hallo Monde\n\nJa\n\n"
    assert 'lang="en"' in detected.restore([(detected.text, "x")], source="de")


def test_references_to_notes_are_no_part_of_a_sentence_and_formulas_are() -> None:
    assert Markup('Der Vertrag<sup><a href="#1">[1]</a></sup> gilt.', HTML).text == "Der Vertrag gilt."
    assert (
        Markup("Das ist so.<sup>12</sup> Und m<sup>2</sup>, CO<sub>2</sub>.", HTML).text == "Das ist so. Und m2, CO2."
    )
    assert Markup("Der 1<sup>er</sup> Wagen<sup>TM</sup>", HTML).text == "Der 1er WagenTM"
    assert Markup('Titel <a href="#t">¶</a> hier <a href="x">Wort</a>', HTML).text == "Titel hier Wort"


def test_space_beside_what_is_no_text_is_one_space() -> None:
    assert Markup("Text <img> mehr <!-- x --> <b> und </b> mehr", HTML).text == "Text mehr und mehr"
    source = "Das <img> Haus <b> ist </b> alt"
    words = [Link(span, span, 1.0) for span in [(0, 3), (4, 8), (9, 12), (13, 16)]]
    markup = Markup(source, HTML)
    assert markup.restore([(markup.text, "The home was big")], [words]) == "The <img> home <b> was </b> big"


def test_signs_are_written_as_in_the_source() -> None:
    assert restored("A &amp; B &mdash; C D", ("A & B — C D", "B & A — or D")) == "B &amp; A &mdash; or D"
    assert restored("A & B > C", ("A & B > C", "B > A & C<D")) == "B > A & C&lt;D"
    assert restored("&bdquo;Ja&ldquo;, er", ("„Ja“, er", "“Yes,” he")) == "&ldquo;Yes,&rdquo; he"
    assert restored("&#8222;Ja&#8220;, er", ("„Ja“, er", "“Yes,” he")) == "&#8220;Yes,&#8221; he"
    assert restored("Sch&ouml;n", ("Schön", "Möbel")) == "Möbel"
    assert restored("Die &ort; ist alt", ("Die {k1} ist alt", "The {k1} is old")) == "The &ort; is old"


def test_what_stays_the_same_keeps_its_tags() -> None:
    source = 'Gestern hat <a href="/k">Kafka</a> es geschrieben.'
    found = restored(source, ("Gestern hat Kafka es geschrieben.", "It was written by Kafka yesterday."))
    assert found == 'It was written by <a href="/k">Kafka</a> yesterday.'


def test_elements_that_are_not_translated_stand_where_the_model_put_their_placeholder() -> None:
    source = "Rufe <code>f(x) &lt; 1</code> jetzt auf."
    assert restored(source, ("Rufe {k1} jetzt auf.", "Now call {k1}.")) == "Now call <code>f(x) &lt; 1</code>."
    lost = restored(source, ("Rufe {k1} jetzt auf.", "Call it now."))
    assert lost.count("<code>f(x) &lt; 1</code>") == 1
    assert "{" not in lost
    assert Markup("Ein {k1} mit <code>x</code>.", HTML).text == "Ein {k1} mit {k0k1}."


def test_line_breaks_inside_a_sentence() -> None:
    source = "Ein Satz über<br>zwei Zeilen."
    assert restored(source, ("Ein Satz über\nzwei Zeilen.", "A sentence over\ntwo lines.")) == (
        "A sentence over<br>two lines."
    )
    assert restored(source, ("Ein Satz über\nzwei Zeilen.", "Short.")).count("<br>") == 1


def test_xml_ends_sentences_where_elements_have_no_text_beside_them() -> None:
    source = "<doc><title>Ein Titel</title><p>Ein <em>ganzer</em> Satz.</p><id>7</id></doc>"
    assert Markup(source, XML).text == "Ein Titel\n\nEin ganzer Satz.\n\n7\n\n"
    kept = Rules(html=False, kept={"em"}, joining={"title", "p", "id", "doc"})
    assert Markup(source, kept).text == "Ein TitelEin {k1} Satz.7"
    assert (
        Markup(source, Rules(html=False, outline=False, splitting={"p"})).text == "Ein Titel\n\nEin ganzer Satz.\n\n7"
    )


@pytest.mark.parametrize("piece", ["<", "<a '", "<!--", "<a b=", "&", "<p>", "<code>", "<a <b", "<b>x"])
def test_a_large_text_of_unfinished_markup(piece: str) -> None:
    # In quadratic time this would take hours, and the suite has a deadline for each test.
    source = piece * 100_000
    markup = Markup(source, HTML)
    assert markup.restore([(markup.text, markup.text)]) == source
