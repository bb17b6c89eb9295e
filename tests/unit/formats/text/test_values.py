"""Values of programs' texts, and cells of tables: what is language is translated, everything else stays as it was."""

import csv
import io
import json
import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as some

from formats.document import Notes, Options
from formats.errors import DocumentError
from pipeline.errors import InputError
from tests.growth import check_growth
from tests.unit.formats.reading import texts_in, translated, translated_bytes


def loud(text: str) -> str:
    return f"{text}!"


SHOP = 'Nr;Name;Preis\r\n"AB-12";"Ein ""rotes"" Haus; alt";12,50\r\nAB-13;Kleines Haus mit Garten;3,00\r\n\r\n'


def test_columns_of_language_are_translated_and_quotes_stay() -> None:
    notes = Notes()
    assert texts_in("a.csv", SHOP, notes=notes) == ['Ein "rotes" Haus; alt', "Kleines Haus mit Garten"]
    assert notes.left == {"names of columns": 3, "columns of codes and numbers": 2}
    expected = SHOP.replace("; alt", "; alt!").replace("Garten", "Garten!")
    assert translated("a.csv", SHOP, loud) == expected


@pytest.mark.parametrize("columns", [["Name"], ["name"], ["2"]])
def test_columns_are_chosen_by_name_or_number(columns: list[str]) -> None:
    content = "Kommentar,Name\nNur intern,Haus\nAuch nur intern,Hof\n"
    found = texts_in("a.csv", content, Options("de", "en", columns=columns))
    assert found == ["Haus", "Hof"]


def test_a_column_that_is_not_there_is_an_error_that_names_those_that_are() -> None:
    with pytest.raises(InputError, match="3, by number from 1 or by name: Nr, Name, Preis"):
        texts_in("a.csv", SHOP, Options("de", "en", columns=["Farbe"]))


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        ("Haus,groß\nBaum,klein\n", ["Haus", "groß", "Baum", "klein"]),
        ("Guten Tag\nBis morgen; heute nicht\n", ["Guten Tag", "Bis morgen; heute nicht"]),
        ("sep=|\nHaus|12,5\n", ["Haus"]),
        ('a,"offen\nZeile zwei', None),
        ("EUR,Straße\nUSD,Haus\n", ["Straße", "Haus"]),
        ("", []),
        ('"Eins.\nZwei.",x1\n', ["Eins.", "Zwei."]),
    ],
)
def test_tables_of_any_form_are_read(content: str, expected: list[str] | None) -> None:
    found = texts_in("a.csv", content)
    assert expected is None or found == expected
    assert translated("a.csv", content, lambda text: text) == content


def test_a_translation_is_quoted_where_it_has_to_be() -> None:
    assert translated("a.csv", "1,Haus\n2,Hof\n", lambda _: 'a, "b"') == '1,"a, ""b"""\n2,"a, ""b"""\n'
    assert translated("a.tsv", "1\tHaus\n", lambda _: "a, b") == "1\ta, b\n"


def test_a_table_in_windows_1252_becomes_utf_8_when_it_has_to() -> None:
    content = "1;Tür\r\n2;Öl und Essig\r\n".encode("cp1252")
    assert translated_bytes("a.csv", content, lambda _: "Türe").decode("cp1252") == "1;Türe\r\n2;Türe\r\n"
    assert translated_bytes("a.csv", content, lambda _: "Дверь").startswith(b"\xef\xbb\xbf1;")


CELLS = some.text(some.sampled_from('ab ";,\n\tÄ1'), max_size=8)


@settings(max_examples=60)
@given(some.lists(some.lists(CELLS, min_size=3, max_size=3), max_size=6), some.sampled_from(";,\t"), some.booleans())
def test_any_table_comes_back_with_the_same_cells(rows: list[list[str]], delimiter: str, quoted: bool) -> None:
    out = io.StringIO()
    csv.writer(out, delimiter=delimiter, quoting=csv.QUOTE_ALL if quoted else csv.QUOTE_MINIMAL).writerows(
        [["7", "8", "9"], *rows]
    )
    content = out.getvalue()
    assert translated("a.csv", content, lambda text: text) == content
    new = translated("a.csv", content, lambda text: text.replace("a", 'x"' + delimiter))
    before = list(csv.reader(io.StringIO(content, newline=""), delimiter=delimiter))
    after = list(csv.reader(io.StringIO(new, newline=""), delimiter=delimiter))
    # A line break may have moved to another word.
    marks = [[cell.replace('x"' + delimiter, "a").split() for cell in row] for row in after]
    assert marks == [[cell.split() for cell in row] for row in before]


def test_json_gives_its_values_and_keeps_its_keys() -> None:
    content = (
        '\ufeff{"start": {"Haus": "Guten Tag, {{name}}", "n": 5, "url": "https://a.de"},\r\n "x": ["Eins", true]}\r\n'
    )
    assert texts_in("a.json", content) == ["Guten Tag, {{name}}", "Eins"]
    assert translated("a.json", content, loud) == content.replace("}}", "}}!").replace("Eins", "Eins!")


def test_arb_keeps_what_it_says_of_its_texts_and_names_the_language() -> None:
    content = '{"@@locale": "de", "gruss": "Hallo {name}", "@gruss": {"description": "Ein Gruß", "placeholders": {}}}'
    assert translated("a.arb", content, lambda _: "Hello {name}") == content.replace("Hallo", "Hello").replace(
        '"de"', '"en"'
    )


@pytest.mark.parametrize(
    "content",
    [
        '{"gruss": {"message": "Hallo", "description": "Ein Gruß", "placeholders": {"a": {"content": "$1"}}}}',
        '{"gruss": {"defaultMessage": "Hallo", "description": "Ein Gruß"}}',
        '[{"id": "gruss", "defaultMessage": "Hallo", "description": "Ein Gruß"}]',
    ],
)
def test_where_texts_are_objects_their_messages_are_translated(content: str) -> None:
    assert texts_in("a.json", content) == ["Hallo"]


def test_what_comes_behind_an_object_about_a_text_is_read() -> None:
    content = '{"a": "Das Tor", "@a": {"x": "Am Haus", "placeholders": {}}, "b": "Der Hof", "c": [{"d": "Das Dach"}]}'
    assert texts_in("app.arb", content) == ["Das Tor", "Der Hof", "Das Dach"]
    content = '{"@a": [{"b": "Nein"}, "Nein"], "c": {"d": {"@e": {}, "f": "Ja"}, "g": "Gut"}}'
    assert texts_in("app.json", content) == ["Ja", "Gut"]


def test_branches_of_a_plural_are_texts_of_their_own() -> None:
    content = '{"a": "{n, plural, =0 {Keine Datei.} one {# Datei. Ja!} other {{g, select, male {Er} other {Sie}}}}"}'
    assert texts_in("a.json", content) == ["Keine Datei.", "{k1} Datei. Ja!", "Er", "Sie"]
    expected = content.replace("Datei.", "File.").replace("Er}", "He}").replace("Sie}", "They}")
    words = {"Er": "He", "Sie": "They"}
    assert translated("a.json", content, lambda text: words.get(text, text.replace("Datei", "File"))) == expected


IN_A_SENTENCE = "Sie haben {n, plural, =0 {keine Datei} one {# Datei} other {# Dateien}} im Ordner."


@pytest.mark.parametrize(
    ("name", "around"),
    [
        ("a.json", '{{"a": "{}"}}'),
        ("a.arb", '{{"@@locale": "en", "a": "{}"}}'),
        ("a.properties", "a={}\n"),
        ("a.xml", '<resources><string name="a">{}</string></resources>'),
    ],
)
def test_branches_of_a_message_within_a_sentence_are_translated_and_its_syntax_stays(name: str, around: str) -> None:
    content = around.format(IN_A_SENTENCE)
    assert texts_in(name, content) == ["Sie haben {k1} im Ordner.", "keine Datei", "{k1} Datei", "{k2} Dateien"]
    words = {"keine Datei": "no file", "{k1} Datei": "{k1} file", "{k2} Dateien": "{k2} files"}
    found = translated(name, content, lambda text: words.get(text, "In the folder you have {k1}."))
    assert found == around.format("In the folder you have {n, plural, =0 {no file} one {# file} other {# files}}.")
    assert translated(name, content, lambda text: text) == content


@pytest.mark.parametrize(
    ("message", "expected"),
    [
        ("{n, plural, one {Datei} other {Dateien}} von {g, select, a {Anna} other {allen}}", ["{k1} von {k2}"]),
        ("{n, plural, one {Datei} other {Dateien}} {n, plural, one {da} other {dort}}", []),
        ("{n, plural, one {Ein '{' hier} other {Zwei}} Wörter", ["{k1} Wörter", "Ein '{' hier", "Zwei"]),
        ("{n, plural, one {offen Wörter", ["{n, plural, one {offen Wörter"]),
        ("{n, plural, one {Ein} Wort} Wörter", ["{n, plural, one {Ein} Wort} Wörter"]),
        ("Nur } { Klammern", ["Nur } { Klammern"]),
    ],
)
def test_messages_are_told_by_their_braces(message: str, expected: list[str]) -> None:
    content = json.dumps({"a": message}, ensure_ascii=False)
    found = texts_in("a.json", content)
    assert found[: len(expected)] == expected
    # Each text in the file is other than before, and all braces are where they were.
    loud_braces = re.sub(r"[^{}]", "", translated("a.json", content, lambda text: f"{text}!"))
    assert loud_braces == re.sub(r"[^{}]", "", content)
    assert translated("a.json", content, lambda text: text) == content


@pytest.mark.parametrize("unit", ["{n, plural, one {", "{n, plural, one {a} other {b}} c "])
def test_of_a_string_four_times_as_long_the_messages_are_found_in_about_four_times_the_time(unit: str) -> None:
    check_growth(lambda content: texts_in("a.json", content), lambda count: json.dumps({"a": unit * count}), 2_000)


@pytest.mark.parametrize(
    ("raw", "expected"),
    [
        ('"T\\u00fcr zu"', '"\\u00d6l"'),
        ('"Tür \\/ zu"', '"Öl"'),
        ('"Tür \\"zu\\""', '"Öl"'),
    ],
)
def test_characters_are_written_as_the_file_writes_them(raw: str, expected: str) -> None:
    assert translated("a.json", f'{{"a": {raw}}}', lambda _: "Öl") == f'{{"a": {expected}}}'


def test_what_is_no_json_is_refused_with_its_place() -> None:
    for content in ('{"a": "b"', '{"a": "b"]', 'Nur "Text" hier!', '{"a": "b\n"}', "[" * 10_000):
        with pytest.raises(DocumentError, match="line 1, character"):
            texts_in("a.json", content)


def test_comments_and_several_documents_in_one_file_are_read() -> None:
    content = '// Nichts "dazu"\n{"a": "Haus", /* "b": "Nein" */ "c": "Hof",}\n{"a": "Tür"}\n'
    assert texts_in("a.json", content) == ["Haus", "Hof", "Tür"]


VALUES = some.recursive(
    some.none()
    | some.booleans()
    | some.integers()
    | some.text(some.sampled_from('ab "\\\n/Äß\U0001f600{}'), max_size=10),
    lambda inner: some.lists(inner, max_size=3) | some.dictionaries(some.text("kl@", max_size=2), inner, max_size=3),
    max_leaves=8,
)


@settings(max_examples=60)
@given(VALUES, some.booleans(), some.sampled_from([None, 2]))
def test_any_json_comes_back_with_its_translations(value: object, escaped: bool, indent: int | None) -> None:
    content = json.dumps(value, ensure_ascii=escaped, indent=indent)
    assert translated("a.json", content, lambda text: text) == content
    new = json.loads(translated("a.json", content, lambda text: text.replace("a", 'x"\\\n')))
    assert json.loads(json.dumps(new).replace('x\\"\\\\\\n', "a")) == value


def test_properties_give_their_values() -> None:
    content = "# Kommentar\n! noch einer\nstart.titel = Guten Tag\\\n   alle zusammen\nleer=\n"
    content += "weg:C:\\\\dir\\\\x.txt\nT\\u00fcr  T\\u00fcr zu\n"
    assert texts_in("a.properties", content) == ["Guten Tagalle zusammen", "Tür zu"]
    expected = content.replace("Guten Tag\\\n   alle zusammen", "\\u00d6l").replace("T\\u00fcr zu", "\\u00d6l")
    assert translated("a.properties", content, lambda _: "Öl") == expected


def test_an_apostrophe_is_doubled_where_a_pattern_has_arguments() -> None:
    content = "a=Datei {0} fehlt\nb=Es geht''s {0} '{1}'\nc=Es fehlt\n"
    assert texts_in("a.properties", content) == ["Datei {0} fehlt", "Es geht's {0} {k1}", "Es fehlt"]
    new = translated("a.properties", content, lambda text: f"Don't {text}")
    assert new == "a=Don''t Datei {0} fehlt\nb=Don''t Es geht''s {0} '{1}'\nc=Don't Es fehlt\n"


def test_properties_in_latin_1_stay_in_it() -> None:
    content = "a=Tür\r\n".encode("latin-1")
    assert translated_bytes("a.properties", content, lambda _: "Öl – Дa") == "a=Öl \\u2013 \\u0414a\r\n".encode(
        "latin-1"
    )
    assert translated("a.properties", "a=Tür\n", lambda _: "Öl – Д") == "a=Öl – Д\n"


@settings(max_examples=60)
@given(
    some.lists(some.text(some.sampled_from("ab \\='{}ü\t"), max_size=8), max_size=4), some.sampled_from(["\n", "\r\n"])
)
def test_any_properties_come_back(values: list[str], newline: str) -> None:
    content = "".join(f"key{number} = {value}x{newline}" for number, value in enumerate(values))
    assert translated("a.properties", content, lambda text: text) == content
    new = translated("a.properties", content, lambda text: f"{text} done")
    assert texts_in("a.properties", new) == [f"{text} done" for text in texts_in("a.properties", content)]


STRINGS = '/* Ein Kommentar; "so" = "nicht"; */\n"key \\"a\\"" = "Guten Tag, %@";\n'
STRINGS += '// Ende\nplain = "Zeile eins.\\nZeile zwei.";\n"nur";\n'


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
def test_strings_of_apple_give_their_values(encoding: str) -> None:
    content = STRINGS.encode(encoding)
    assert texts_in("a.strings", content) == ["Guten Tag, %@", "Zeile eins.", "Zeile zwei."]
    new = translated_bytes("a.strings", content, lambda text: text.replace("Zeile", 'a "line" –'))
    expected = STRINGS.replace("Zeile eins.\\nZeile zwei.", 'a \\"line\\" – eins.\\na \\"line\\" – zwei.')
    assert new.decode(encoding) == expected
    assert new[:2] == content[:2]


def test_what_are_no_strings_of_apple_is_refused() -> None:
    with pytest.raises(DocumentError, match="line 2"):
        texts_in("a.strings", '"a" = "b";\n"c" = "d"\n')


@settings(max_examples=60)
@given(some.lists(some.text(some.sampled_from('ab \n\t%Üü"\\'), max_size=8), max_size=4))
def test_any_strings_come_back(values: list[str]) -> None:
    escapes = str.maketrans({"\\": "\\\\", '"': '\\"'})
    content = "".join(f'"key" = "{value.translate(escapes)}x";\n' for value in values)
    assert translated("a.strings", content, lambda text: text) == content
    new = translated("a.strings", content, lambda text: f"{text}, done.")
    assert new.replace(", done.", "") == content or "\\" in content
    assert new.count("done") == len(texts_in("a.strings", content))


def test_halves_of_characters_are_put_together_and_one_alone_is_left() -> None:
    content = "a=Haus \\ud83d\\ude00 hier\nb=Tor \\ud83d hier\n"
    assert texts_in("a.properties", content) == ["Haus \U0001f600 hier"]
    assert translated("a.properties", content, loud) == content.replace("hier\nb", "hier!\nb")
    assert texts_in("a.json", '{"a": "Haus \\ud83d\\ude00", "b": "Tor \\ud83d"}') == ["Haus \U0001f600"]
