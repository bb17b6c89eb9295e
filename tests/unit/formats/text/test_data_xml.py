"""XML by its root: strings of Android, property lists of Apple, and any other."""

from xml.etree import ElementTree

import pytest
from hypothesis import given, settings
from hypothesis import strategies as some

from formats.errors import DocumentError
from tests.unit.formats.reading import aligned, texts_in, translated, translated_bytes

ANDROID = '<?xml version="1.0" encoding="utf-8"?>\n<resources xmlns:x="urn:oasis:names:tc:xliff:document:1.2">'
ANDROID += "{}</resources>\n"


def string(value: str) -> str:
    return ANDROID.format(f'<string name="a">{value}</string>')


@pytest.mark.parametrize(
    ("value", "text", "written"),
    [
        ("Geht\\'s gut?", "Geht's gut?", 'It\\\'s \\"so\\" &amp; &lt; C:\\\\x'),
        ('"Geht\'s  gut?"', "Geht's  gut?", '"It\'s \\"so\\" &amp; &lt; C:\\\\x"'),
        ("Geht\n      es   gut?", "Geht es gut?", 'It\\\'s \\"so\\" &amp; &lt; C:\\\\x'),
        ("T\\u00fcr &amp; Tor", "Tür & Tor", 'It\\\'s \\"so\\" &amp; &lt; C:\\\\x'),
        ("<![CDATA[Tür & Tor]]>", "Tür & Tor", '<![CDATA[It\\\'s \\"so\\" & < C:\\\\x]]>'),
    ],
)
def test_strings_of_android_are_read_and_written_with_their_escapes(value: str, text: str, written: str) -> None:
    assert texts_in("strings.xml", string(value)) == [text]
    assert translated("strings.xml", string(value), lambda _: 'It\'s "so" & < C:\\x') == string(written)


def test_a_translation_is_never_taken_for_a_reference() -> None:
    assert translated("strings.xml", string("An Eva"), lambda _: "@Eva?") == string("\\@Eva?")


def test_markup_goes_with_its_words_and_what_is_put_in_is_a_word() -> None:
    content = string('Das <b>rote Haus</b> von <x:g id="n">%s</x:g>')
    assert texts_in("strings.xml", content) == ["Das rote Haus von {k1}"]
    new = translated("strings.xml", content, lambda text: aligned(text, "{k1}'s red house", "4-0 5-1 6-2 1-5 2-6"))
    assert '<x:g id="n">%s</x:g>\\\'s <b>red house</b>' in new


def test_what_is_not_to_be_translated_stays() -> None:
    content = ANDROID.format(
        '<string name="a" translatable="false">Haus</string><string name="b">@string/c</string>'
        '<string-array name="d" translatable="false"><item>Hof</item></string-array><item type="id" name="e">Tor</item>'
        '<string name="f"/><color name="g">#fff</color><!-- <string>Tür</string> -->'
    )
    assert texts_in("strings.xml", content) == []


def test_a_text_with_a_variable_of_apple_keeps_it() -> None:
    content = (
        '<?xml version="1.0"?><!DOCTYPE plist PUBLIC "-//Apple//DTD PLIST 1.0//EN" "http://example.org/x.dtd"><plist><dict>'
        "<key>NSStringLocalizedFormatKey</key><string>Es sind %#@n@ da</string><key>n</key><dict>"
        "<key>NSStringFormatSpecTypeKey</key><string>NSStringPluralRuleType</string><key>two</key>"
        "<string>%d &lt; Äpfel</string>"
        "</dict></dict></plist>"
    )
    for name in ("a.stringsdict", "a.strings"):
        assert texts_in(name, content) == ["Es sind {k1} da", "%d < Äpfel"]
        new = translated(name, content, lambda text: "{k1} there" if "k1" in text else "%d & apples")
        assert "<string>%#@n@ there</string>" in new
        assert "<string>%d &amp; apples</string>" in new


def test_any_other_xml_gives_its_text() -> None:
    content = "<a xml:lang='de'><b>Ein <i>rotes</i> Haus</b><c>2026</c><d><![CDATA[<x>]]></d></a>"
    assert texts_in("a.xml", content) == ["Ein rotes Haus"]
    new = translated("a.xml", content, lambda text: aligned(text, "A red <house>", "0-0 1-1 2-3"))
    assert new == '<a xml:lang="en"><b>A <i>red</i> &lt;house&gt;</b><c>2026</c><d><![CDATA[<x>]]></d></a>'


def test_a_line_break_of_any_other_xml_is_one_to_a_reader() -> None:
    content = "<a><b>Der Wind weht kalt<br/>über das Feld</b><c>Am Weg 3<x:lb n='2'/>Berlin</c></a>".replace(
        "<a>", "<a xmlns:x='u'>"
    )
    assert texts_in("a.xml", content) == ["Der Wind weht kalt\nüber das Feld", "Am Weg 3\nBerlin"]
    assert translated("a.xml", content, str.upper) == content.replace(
        "Der Wind weht kalt", "DER WIND WEHT KALT"
    ).replace("über das Feld", "ÜBER DAS FELD").replace("Am Weg 3", "AM WEG 3").replace("Berlin", "BERLIN")


def test_other_encodings_stay() -> None:
    content = '<?xml version="1.0" encoding="ISO-8859-1"?><a><b>Tür</b></a>'.encode("latin-1")
    assert translated_bytes("a.xml", content, lambda _: "Öl Д") == content.replace(b"T\xfcr", b"\xd6l &#1044;")


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        ("Kein XML", "damaged"),
        ("<a><b></a>", "damaged"),
        ('<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>', "entities"),
        ("<a>" * 300 + "</a>" * 300, "within each other"),
    ],
)
def test_what_is_no_xml_or_hostile_is_refused(content: str, reason: str) -> None:
    with pytest.raises(DocumentError, match=reason):
        texts_in("a.xml", content)


def trees() -> some.SearchStrategy[str]:
    leaves = some.sampled_from(
        [
            "rotes ",
            "Haus",
            " &amp; Hof",
            " ",
            "\n  ",
            "\\'s ",
            '"so"',
            "\\n",
            "<b/>",
            '<x:g id="1">%s</x:g>',
            "<!-- c -->",
            "\\u00fc",
        ]
    )
    return some.recursive(
        leaves, lambda inner: some.lists(inner, max_size=3).map(lambda found: f"<i>{''.join(found)}</i>"), max_leaves=8
    )


@settings(max_examples=60)
@given(some.lists(trees(), max_size=4).map("".join), some.permutations(["one", "{k1}", "it's", "{k2}", "<3"]))
def test_any_string_of_android_with_any_translation_is_well_formed(value: str, words: list[str]) -> None:
    content = string(value)
    assert translated("strings.xml", content, lambda text: text) == content
    new = translated("strings.xml", content, lambda _: " ".join(words))
    ElementTree.fromstring(new)
    for code in ("<b/>", '<x:g id="1">%s</x:g>', "<i>", "<!-- c -->"):
        assert new.count(code) == content.count(code)
    assert new.count("it\\'s") + new.count("\"one it's") == len(texts_in("strings.xml", content)) or '"' in value
