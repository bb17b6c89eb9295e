"""Files that have translations beside their texts: catalogues of gettext, and XLIFF."""

import json
import re
from xml.etree import ElementTree

import pytest
from hypothesis import given, settings
from hypothesis import strategies as some

from formats.document import Notes, Options, Piece, Translated
from formats.errors import DocumentError
from tests.unit.formats.reading import aligned, texts_in, translated, translated_bytes

HEADER = 'msgid ""\nmsgstr ""\n"Language: de\\n"\n"Content-Type: text/plain; charset=UTF-8\\n"\n'
PLURAL = 'msgid "%d Datei"\nmsgid_plural "%d Dateien"\nmsgstr[0] ""\nmsgstr[1] ""\n'


def in_english(text: str) -> str:
    return {"%d Datei": "%d file", "%d Dateien": "%d files"}.get(text, f"English {text}")


def test_an_empty_translation_is_filled_and_the_header_names_the_language() -> None:
    content = HEADER + '\n#: a.py:1\nmsgid "Bezahlen"\nmsgstr ""\n\nmsgid "Ende"\nmsgstr "End"\n'
    notes = Notes()
    assert texts_in("a.po", content, notes=notes) == ["Bezahlen"]
    assert notes.left == {"translated already": 1}
    expected = content.replace("Language: de", "Language: en").replace(
        '"Bezahlen"\nmsgstr ""', '"Bezahlen"\nmsgstr "Pay"'
    )
    assert translated("a.po", content, lambda _: "Pay") == expected


def test_a_name_that_is_the_same_in_both_languages_has_a_translation_too() -> None:
    content = 'msgid "Berlin"\nmsgstr ""\n\nmsgid "Stadt"\nmsgstr ""\n'
    new = translated("a.po", content, lambda text: "City" if text == "Stadt" else text)
    assert new == 'msgid "Berlin"\nmsgstr "Berlin"\n\nmsgid "Stadt"\nmsgstr "City"\n'


def test_what_is_not_all_translated_yet_stays_empty() -> None:
    content = 'msgid "Ein Satz. Noch einer."\nmsgstr ""\n\nmsgid "Stadt"\nmsgstr ""\n'

    def half(text: str) -> Translated:
        pieces = (
            [Piece("Stadt", "City")] if text == "Stadt" else [Piece("Ein Satz. ", "One. "), Piece("Noch einer.", None)]
        )
        return Translated(pieces)

    assert translated("a.po", content, half) == content.replace('"Stadt"\nmsgstr ""', '"Stadt"\nmsgstr "City"')


@pytest.mark.parametrize(
    ("target", "forms", "expected"),
    [
        ("en", "nplurals=2; plural=(n != 1);", ["%d file", "%d files"]),
        ("ru", "nplurals=INTEGER; plural=EXPRESSION;", ["%d file", "%d files", "%d files"]),
        ("ja", "nplurals=INTEGER; plural=EXPRESSION;", ["%d files", "%d files"]),
        ("pl", "nplurals=3; plural=(n==1 ? 0 : n%10>=2 && n%10<=4 ? 1 : 2);", ["%d file", "%d files", "%d files"]),
        ("en", "nplurals=2; plural=import os;", ["%d file", "%d files"]),
    ],
)
def test_each_form_of_the_plural_has_a_translation(target: str, forms: str, expected: list[str]) -> None:
    content = f'msgid ""\nmsgstr ""\n"Plural-Forms: {forms}\\n"\n\n{PLURAL}'
    new = translated("a.po", content, in_english, Options(source="de", target=target))
    assert re.findall(r'msgstr\[\d\] "(.*)"', new) == expected
    assert "INTEGER" not in new


def test_a_message_without_its_number_is_not_said_of_21() -> None:
    forms = "nplurals=3; plural=(n%10==1 && n%100!=11 ? 0 : n%10>=2 && n%10<=4 ? 1 : 2);"
    content = f'msgid ""\nmsgstr ""\n"Plural-Forms: {forms}\\n"\n\n' + PLURAL.replace('"%d Datei"', '"Eine Datei"')
    assert '"English' not in translated("a.po", content, in_english)


def test_lines_and_escapes_are_written_as_catalogues_have_them() -> None:
    content = 'msgid ""\n"Er sagt: \\"Komm!\\"\\n"\n"Dann\\tgeht er.\\n"\nmsgstr ""\n'
    assert texts_in("a.po", content) == ['Er sagt: "Komm!"', "Dann\tgeht er."]
    new = translated("a.po", content, lambda text: text.replace("Er", "He").replace("geht", "C:\\dir"))
    assert new.endswith('msgstr ""\n"He sagt: \\"Komm!\\"\\n"\n"Dann\\tC:\\\\dir er.\\n"\n')


def test_a_catalogue_in_another_encoding_says_so_and_changes_it_with_its_header_only() -> None:
    content = HEADER.replace("UTF-8", "ISO-8859-1") + '\nmsgid "Tür"\nmsgstr ""\n'
    assert 'msgstr "Doöor"' in translated_bytes("a.po", content.encode("latin-1"), lambda _: "Doöor").decode("latin-1")
    new = translated_bytes("a.po", content.encode("latin-1"), lambda _: "Дверь").decode()
    assert "charset=UTF-8" in new
    assert 'msgid "Tür"\nmsgstr "Дверь"' in new


def test_a_template_has_no_charset_yet() -> None:
    content = HEADER.replace("UTF-8", "CHARSET") + '\nmsgid "Tür"\nmsgstr ""\n'
    assert texts_in("a.pot", content) == ["Tür"]


def test_what_is_no_catalogue_is_refused() -> None:
    with pytest.raises(DocumentError, match="line 2"):
        texts_in("a.po", 'msgid "a"\nKein Katalog\n')


STRINGS = some.text(some.sampled_from('ab Äß"\\\n\t%.{}<&'), max_size=12)


@settings(max_examples=30)
@given(
    some.lists(some.tuples(STRINGS, STRINGS.map(lambda text: f"x{text}x")), max_size=4),
    some.sampled_from(["\n", "\r\n"]),
)
def test_any_translation_comes_back_from_a_catalogue(messages: list[tuple[str, str]], newline: str) -> None:
    escapes = str.maketrans({"\\": "\\\\", '"': '\\"', "\n": "\\n", "\t": "\\t"})
    content = "\n".join(
        f'msgid "Wort {source.translate(escapes)}"\nmsgstr ""\n\nmsgid "{one.translate(escapes)}"\nmsgstr "fertig"\n'
        for source, one in messages
    ).replace("\n", newline)
    assert translated("a.po", content, lambda text: text) == content
    new = translated("a.po", content, lambda text: f"{text} done")
    strings = re.findall(r'msgstr ((?:"(?:[^"\\]|\\.)*"\s*)+)', new)[::2]
    written = ["".join(map(json.loads, re.findall(r'"(?:[^"\\]|\\.)*"', one))) for one in strings]
    assert [one.replace(" done", "") for one in written] == [f"Wort {source}" for source, _ in messages]
    assert "".join(written).count(" done") == len(texts_in("a.po", content))


XLIFF = (
    '<xliff version="1.2" xmlns="urn:oasis:names:tc:xliff:document:1.2">'
    '<file source-language="de"><body>{}</body></file></xliff>'
)
XLIFF2 = (
    '<xliff version="2.0" xmlns="urn:oasis:names:tc:xliff:document:2.0" srcLang="de"><file id="f">{}</file></xliff>'
)


def unit(source: str, rest: str = "") -> str:
    return XLIFF.format(f'<trans-unit id="1">\n  <source>{source}</source>{rest}\n</trans-unit>')


def test_a_target_is_added_behind_the_source_and_its_language_named() -> None:
    new = translated("a.xlf", unit("Ein &lt;Haus>"), lambda _: "A <house> & more")
    assert '<source>Ein &lt;Haus></source>\n  <target state="translated">A &lt;house&gt; &amp; more</target>\n' in new
    assert '<file source-language="de" target-language="en">' in new
    ElementTree.fromstring(new)


@pytest.mark.parametrize(
    ("target", "expected"),
    [
        ("<target/>", '<target state="translated">House</target>'),
        ("<target></target>", '<target state="translated">House</target>'),
        ('<target state="new">Haus</target>', '<target state="translated">House</target>'),
        (
            '<target xml:lang="en" state="needs-translation"> </target>',
            '<target xml:lang="en" state="translated">House</target>',
        ),
    ],
)
def test_a_target_that_says_nothing_yet_is_filled(target: str, expected: str) -> None:
    assert expected in translated("a.xliff", unit("Haus", target), lambda _: "House")


@pytest.mark.parametrize("target", ["<target>House</target>", '<target state="final">Haus</target>'])
def test_a_target_that_is_there_stays(target: str) -> None:
    assert texts_in("a.xlf", unit("Haus", target)) == []


def test_what_is_not_to_be_translated_stays() -> None:
    assert (
        texts_in(
            "a.xlf", XLIFF.format('<group translate="no"><trans-unit id="1"><source>Haus</source></trans-unit></group>')
        )
        == []
    )
    assert (
        texts_in("a.xlf", XLIFF2.format('<unit id="1" translate="no"><segment><source>Haus</source></segment></unit>'))
        == []
    )


def test_codes_go_with_their_words_and_values_are_words() -> None:
    source = (
        'Das <g id="1">rote <bx id="2"/>Haus<ex id="2"/></g> hat <ph id="3">%d</ph> Türen<x id="4" ctype="image"/>.'
    )
    assert texts_in("a.xlf", unit(source)) == ["Das rote Haus hat {k1} Türen."]
    new = translated(
        "a.xlf",
        unit(source),
        lambda text: aligned(text, "{k1} doors has the red house.", "0-5 1-6 2-7 3-4 5-1 7-3 8-8"),
    )
    assert '<ph id="3">%d</ph> doors' in new
    assert '<g id="1">red <bx id="2"/>house<ex id="2"/></g>' in new
    assert new.count("<x ") == 2


def test_codes_of_angular_are_known_by_their_names() -> None:
    source = (
        'Hallo <x id="INTERPOLATION" equiv-text="{{name}}"/>, <x id="START_TAG_B"/>alles Gute<x id="CLOSE_TAG_B"/>!'
    )
    assert texts_in("a.xlf", unit(source)) == ["Hallo {k1}, alles Gute!"]


def test_branches_of_a_message_are_texts_although_codes_stand_in_them() -> None:
    source = '{VAR_PLURAL, plural, =1 {eine Datei} other {<x id="INTERPOLATION"/> Dateien &amp; mehr}}'
    words = {"eine Datei": "a file", "{k1} Dateien & mehr": "{k1} files & more", "Noch {k1}.": "{k1} left."}
    made = source.replace("eine Datei", "a file").replace("Dateien &amp; mehr", "files &amp; more")
    assert texts_in("a.xlf", unit(source)) == ["eine Datei", "{k1} Dateien & mehr"]
    assert f">{made}</target>" in translated("a.xlf", unit(source), words.__getitem__)
    assert texts_in("a.xlf", unit(f"Noch {source}.")) == ["Noch {k1}.", "eine Datei", "{k1} Dateien & mehr"]
    assert f">{made} left.</target>" in translated("a.xlf", unit(f"Noch {source}."), words.__getitem__)
    message = "{n, plural, one {eine Datei} other {# Dateien & mehr}}"
    catalogue = translated("a.po", f'msgid "Noch {message}."\nmsgstr ""\n', words.__getitem__)
    assert 'msgstr "{n, plural, one {a file} other {# files & more}} left."' in catalogue


@pytest.mark.parametrize("name", ["ph", "it", "bpt"])
def test_text_within_a_code_is_translated_in_it(name: str) -> None:
    within = '&lt;img title="<sub>Ein <g id="2">rotes</g> Haus</sub>" alt="<sub>Bild &amp; Text</sub>"&gt;'
    code = f'<{name} id="1">{within}</{name}>'
    source = f"Hier {code}ist es."
    words: dict[str, str | Translated] = {
        "Ein rotes Haus": aligned("Ein rotes Haus", "A house in red", "0-0 1-3 2-1"),
        "Bild & Text": "Picture & text",
    }
    made = code.replace('Ein <g id="2">rotes</g> Haus', 'A house in <g id="2">red</g>').replace(
        "Bild &amp; T", "Picture &amp; t"
    )
    assert texts_in("a.xlf", unit(source)) == ["Hier ist es.", "Ein rotes Haus", "Bild & Text"]
    found = translated("a.xlf", unit(source), lambda text: words.get(text, text))
    assert f">{source.replace(code, made)}</target>" in found
    # A code of its own has no text beside it.
    alone = f'<{name} id="1">[<sub>Haus</sub>]</{name}>'
    assert f">{alone.replace('Haus', 'House')}</target>" in translated("a.xlf", unit(alone), lambda _: "House")


def test_segments_within_a_unit_are_texts_of_their_own() -> None:
    rest = '<seg-source><mrk mtype="seg" mid="0">Ein Satz.</mrk> '
    rest += '<mrk mtype="seg" mid="1">Noch einer</mrk></seg-source><target/>'
    assert texts_in("a.sdlxliff", unit("Ein Satz. Noch einer", rest)) == ["Ein Satz.", "Noch einer"]
    new = translated("a.sdlxliff", unit("Ein Satz. Noch einer", rest), str.upper)
    assert '<mrk mtype="seg" mid="0">EIN SATZ.</mrk> <mrk mtype="seg" mid="1">NOCH EINER</mrk></target>' in new


def test_a_prefix_and_another_encoding_are_kept() -> None:
    content = (
        '<?xml version="1.0" encoding="ISO-8859-1"?><x:xliff xmlns:x="urn:oasis:names:tc:xliff:document:2.0" version="2.1" '
        'srcLang="de" trgLang="ru"><x:file id="f"><x:unit id="u"><x:segment><x:source>Tür</x:source></x:segment></x:unit>'
        "</x:file></x:xliff>"
    ).encode("latin-1")
    notes = Notes()
    assert texts_in("a.xlf", content, notes=notes) == ["Tür"]
    assert notes.warnings
    new = translated_bytes("a.xlf", content, lambda _: "Дверь")
    assert b"<x:target>&#1044;" in new
    assert ElementTree.fromstring(new).find(".//{*}target").text == "Дверь"  # type: ignore[union-attr] # it is there


def test_xml_of_another_kind_is_refused() -> None:
    with pytest.raises(DocumentError, match="no XLIFF"):
        texts_in("a.xlf", "<html><body>Text</body></html>")


def trees() -> some.SearchStrategy[str]:
    texts = some.sampled_from(["rotes ", "Haus", " &amp; Hof", " ", "\n  ", "steht da. ", "Wort"])
    leaves = texts | some.sampled_from(
        ['<x id="9"/>', '<ph id="8">%s</ph>', "<!-- so -->", "<g/>", '<mrk mtype="protected">A</mrk>']
    )
    return some.recursive(
        leaves,
        lambda inner: some.lists(inner, max_size=3).map(lambda found: f'<g id="1">{"".join(found)}</g>'),
        max_leaves=8,
    )


@settings(max_examples=30)
@given(some.lists(trees(), max_size=4).map("".join), some.permutations(["one", "{k1}", "two", "{k2}", "three"]))
def test_any_tree_with_any_translation_is_well_formed_and_has_every_code_once(source: str, words: list[str]) -> None:
    content = unit(source)
    assert translated("a.xlf", content, lambda text: text) == content
    new = translated("a.xlf", content, lambda _: " ".join(words))
    ElementTree.fromstring(new)
    if texts_in("a.xlf", content):
        target = new[new.index("<target") : new.index("</target>")]
        for code in (
            '<x id="9"/>',
            '<ph id="8">%s</ph>',
            "<!-- so -->",
            "<g/>",
            '<mrk mtype="protected">A</mrk>',
            "<g ",
        ):
            assert target.count(code) == source.count(code)
