"""Glossaries as files, as spreadsheets, translation programs and people write them."""

import random
from contextlib import suppress
from pathlib import Path

import pytest

from api.glossaries import collecting, files, tables
from api.glossaries.collecting import Collected
from api.glossaries.listing import page_of
from api.glossaries.reading import gathered
from formats.errors import DocumentError
from pipeline.errors import InputError
from store.accounts.glossaries import Dictionaries, Pair

PAIR: Pair = ("de", "en")
TWO = {"Vertrag": "contract", "Kaution": "deposit"}


def read(data: str | bytes, stated: Pair | None = PAIR) -> Dictionaries:
    found = files.read(data.encode() if isinstance(data, str) else data, stated)
    found.check(lenient=False)
    return found.dictionaries


def found(data: str, stated: Pair | None = PAIR) -> Collected:
    return files.read(data.encode(), stated)


@pytest.mark.parametrize(
    "text",
    [
        "Vertrag\tcontract\nKaution\tdeposit\n",
        "Vertrag;contract\r\nKaution;deposit",
        "\ufeffVertrag,contract\nKaution,deposit",
        '"Vertrag";"contract"\n\n;;\n"Kaution";"deposit";;\n',
        "sep=;\r\nVertrag;contract\r\nKaution;deposit\r\n",
        "de;en\nVertrag;contract\nKaution;deposit",
        "Deutsch;Englisch\nVertrag;contract\nKaution;deposit",
        "German\tEnglish\tNote\nVertrag\tcontract\tlegal\nKaution\tdeposit",
        "en-GB;de-AT\ncontract;Vertrag\ndeposit;Kaution",
        "source;target\nVertrag;contract\nKaution;deposit",
        "Begriff;Übersetzung;Bemerkung\nVertrag;contract;x\nKaution;deposit;",
        "Vertrag,contract,de,en\nKaution,deposit,DE,EN-US\n",
        "source,target,source_lang,target_lang\nVertrag,contract,de,en\nKaution,deposit,de,en\nmaison,house,fr,en\n",
        "  Vertrag ;  contract\nKaution;deposit\nVertrag;contract",
    ],
)
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_tables_are_read_however_they_are_written(text: str, encoding: str) -> None:
    assert read(text.removeprefix("\ufeff").encode(encoding)) == {PAIR: TWO}


def test_a_table_in_the_encoding_of_a_german_excel() -> None:
    assert read("Käufer;buyer\r\nVerkäufer;seller\r\nGrundstück;plot of land\r\n".encode("cp1252")) == {
        PAIR: {"Käufer": "buyer", "Verkäufer": "seller", "Grundstück": "plot of land"}
    }


@pytest.mark.parametrize("word", ["Käufer", "Straße", "Ärger", "é", "Übertrag"])
def test_a_short_list_from_a_german_excel_is_not_guessed(word: str) -> None:
    assert read(f"{word};x\r\n".encode("cp1252")) == {PAIR: {word: "x"}}
    assert read(f"de;en\r\n{word};x\r\n".encode("cp1252"), None) == {PAIR: {word: "x"}}


def test_other_scripts_are_guessed_or_stated() -> None:
    text = "дом;Haus\nдоговор;Vertrag\nарендатор;Mieter\nдорога;Straße\nгород;Stadt\n"
    data = text.replace("ß", "ss").encode("cp1251")
    assert files.read(data, ("ru", "de"), encoding="cp1251").dictionaries[("ru", "de")]["дом"] == "Haus"
    assert "дом" in files.read(data, ("ru", "de")).dictionaries[("ru", "de")]


def test_the_first_line_may_name_several_languages() -> None:
    table = "de;en;fr\nVertrag;contract;contrat\nKaution;;caution\n"
    assert read(table, None) == {
        ("de", "en"): {"Vertrag": "contract"},
        ("de", "fr"): {"Vertrag": "contrat", "Kaution": "caution"},
    }
    assert read(table, ("fr", "de")) == {("fr", "de"): {"contrat": "Vertrag", "caution": "Kaution"}}


def test_a_first_line_that_looks_like_languages_is_one_only_where_it_can_be() -> None:
    assert read("es;it\nDeutsch;German\n") == {PAIR: {"es": "it", "Deutsch": "German"}}


def test_quotation_marks_are_of_the_term_or_around_it() -> None:
    assert read('"a ""b"" c";"x;y"\nd;e', PAIR) == {PAIR: {'a "b" c': "x;y", "d": "e"}}
    assert read('5" Rohr\t5" pipe\n"x ""y"""\tz') == {PAIR: {'5" Rohr': '5" pipe', 'x "y"': "z"}}


def test_lines_that_cannot_be_used_are_said_with_their_numbers() -> None:
    text = "Vertrag;contract\n\nKaution;deposit\nVertrag;agreement\nHaus\nVertrag;contract\n;x\n"
    collected = found(text)
    assert [line for line, _ in collected.wrong] == [4, 5, 7]
    assert collected.wrong[0].reason == "'Vertrag' is 'agreement' here, and 'contract' in line 1"
    assert collected.repeated == 1
    with pytest.raises(InputError, match=r"line 4: 'Vertrag' is 'agreement' here.*line 5: .*lenient=true"):
        collected.check(lenient=False)
    collected.check(lenient=True)
    assert collected.dictionaries == {PAIR: TWO}
    # In tables whose cells have line breaks, too.
    assert [line for line, _ in found('"a\nb";c\nd\ne;f').wrong] == [3]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "no terms"),
        ("\n\n", "no terms"),
        ('"a;b', "line 1"),
        ("a;b;c\n", "name them in the first line"),
        ("...;x", "no letter and no digit"),
        ("a\x01;b", "control character"),
        ("x" * 2000 + ";y", "longer than"),
        ("a,b,xx,en", "are no languages"),
        ("PK\x03\x04" + "\x00" * 100, "zip|ZIP|archive"),
        ("<?xml version='1.0'?><a/>", "no TBX"),
    ],
)
def test_what_is_no_glossary_is_refused(text: str, message: str) -> None:
    with pytest.raises(InputError, match=message):
        read(text)


def test_nobody_says_the_languages() -> None:
    with pytest.raises(InputError, match="say the languages"):
        read("Vertrag;contract", None)


CORE = """<?xml version="1.0"?>
<!DOCTYPE martif SYSTEM "TBXcoreStructV02.dtd">
<martif type="TBX" xml:lang="en"><martifHeader><fileDesc><sourceDesc><p>term</p></sourceDesc></fileDesc></martifHeader>
<text><body><termEntry id="1"><descrip type="subjectField">law</descrip>
<langSet xml:lang="en-US"><tig><term>contract</term><termNote type="partOfSpeech">noun</termNote></tig></langSet>
<langSet xml:lang="de"><ntig><termGrp><term>Kontrakt</term>
<termNote type="administrativeStatus">deprecatedTerm-admn-sts</termNote></termGrp></ntig>
<ntig><termGrp><term>Ver<hi>trag</hi></term>
<termNote type="administrativeStatus">preferredTerm-admn-sts</termNote></termGrp></ntig>
</langSet></termEntry></body></text></martif>"""
BASIC = """<tbx type="TBX-Basic" style="dct" xml:lang="de" xmlns="urn:iso:std:iso:30042:ed-2"
xmlns:min="urn:min" xmlns:basic="urn:b">
<text><body><conceptEntry id="c1"><basic:definition>d</basic:definition>
<langSec xml:lang="de"><termSec><term>Vertrag</term></termSec><termSec><term>Kontrakt</term></termSec></langSec>
<langSec xml:lang="en"><termSec><term>agreement</term>
<min:administrativeStatus>admittedTerm-admn-sts</min:administrativeStatus></termSec>
<termSec><term>contract &amp; more</term>
<min:administrativeStatus>preferredTerm-admn-sts</min:administrativeStatus></termSec></langSec>
<langSec xml:lang="fr"><termSec><term>contrat</term></termSec></langSec></conceptEntry></body></text></tbx>"""
MIN = """<TBX dialect="TBX-Min"><header><id>x</id><languages source="de" target="en"/></header><body>
<termEntry id="C1"><langGroup xml:lang="en"><termGroup><term>obsolete one</term><termStatus>obsolete</termStatus></termGroup>
<termGroup><term>deposit</term><termStatus>preferred</termStatus></termGroup></langGroup>
<langGroup xml:lang="de"><termGroup><term>Kaution</term></termGroup></langGroup></termEntry></body></TBX>"""


def test_the_dialects_of_tbx() -> None:
    assert read(CORE) == {PAIR: {"Kontrakt": "contract", "Vertrag": "contract"}}
    assert read(CORE, None) == {("en", "de"): {"contract": "Vertrag"}}
    assert read(BASIC, None) == {
        PAIR: dict.fromkeys(("Vertrag", "Kontrakt"), "contract & more"),
        ("de", "fr"): dict.fromkeys(("Vertrag", "Kontrakt"), "contrat"),
    }
    assert read(MIN, None) == {PAIR: {"Kaution": "deposit"}}
    assert read(BASIC.encode("utf-16"), PAIR)[PAIR]["Vertrag"] == "contract & more"


def test_homonyms_in_a_tbx_are_said_with_their_lines() -> None:
    entry = '<termEntry>\n<langSet xml:lang="de"><tig><term>Bank</term></tig></langSet>'
    entry += '<langSet xml:lang="en"><tig><term>{}</term></tig></langSet></termEntry>\n'
    text = (
        '<martif xml:lang="de"><text><body>\n'
        + entry.format("bank")
        + entry.format("bench")
        + "</body></text></martif>"
    )
    assert [line for line, _ in found(text).wrong] == [5]


@pytest.mark.parametrize(
    "text",
    [
        '<!DOCTYPE a [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]><martif>&b;</martif>',
        '<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]><martif><text>&x;</text></martif>',
        "<martif>" + "<a>" * 10_000,
        "<martif><text>",
        "<martif>&nbsp;</martif>",
        "<tbx xml:lang='de'><\x01/></tbx>",
    ],
)
def test_hostile_xml_is_refused(text: str) -> None:
    with pytest.raises(DocumentError):
        read(text)


@pytest.mark.parametrize("form", ["csv", "tsv", "tbx"])
@pytest.mark.parametrize("pairs", [[PAIR], [PAIR, ("de", "fr"), ("fr", "en")]])
def test_what_is_written_is_read_as_it_was(form: files.Format, pairs: list[Pair]) -> None:
    entries = {
        "Vertrag": "contract", 'a "b"': 'c;"d"', '"ganz"': "x, y", "=SUMME(1)": "-1", "5 < 6 & 7": "<b>", "über": "über",
        "es": "it", **{f"Wort {number}": f"word {number}" for number in range(2500)},
    }  # fmt: skip
    dictionaries = {pair: dict(entries) for pair in pairs}
    data = b"".join(files.write(form, dictionaries, "g <&>"))
    assert read(data, None) == dictionaries


def test_noise_is_refused_or_read_but_never_a_defect() -> None:
    dice = random.Random(7)
    seeds = [CORE, BASIC, MIN, "de;en\nVertrag;contract\n", 'a\t"b\nc\td', Path(__file__).read_text()]
    for _ in range(200):
        data = bytearray(dice.choice(seeds).encode())
        for _ in range(dice.randrange(1, 8)):
            place = dice.randrange(len(data))
            data[place : place + dice.randrange(3)] = dice.randbytes(dice.randrange(3))
        with suppress(InputError):
            files.read(bytes(data), dice.choice([PAIR, None])).check(lenient=dice.random() < 0.5)


def test_entries_are_listed_page_by_page() -> None:
    dictionaries = {PAIR: {"b": "x", "A": "Y", "a.b": "z", "Ä": "q"}, ("de", "fr"): {"a": "x"}}
    first = page_of(dictionaries, "", None, 2)
    assert [(one.term, one.target) for one in first.items] == [("A", "en"), ("a", "fr")]
    assert first.total == 5
    second = page_of(dictionaries, "", first.next, 2)
    assert [one.term for one in second.items] == ["a.b", "b"]
    assert [one.term for one in page_of(dictionaries, "", second.next, 2).items] == ["Ä"]
    assert [one.term for one in page_of(dictionaries, " Y", None, 2).items] == ["A"]
    with pytest.raises(InputError, match="next"):
        page_of(dictionaries, "", "nonsense", 2)


def test_entries_in_json_are_tidied_and_checked() -> None:
    assert gathered([("de-AT", "EN", {" Vertrag  auf Zeit": "fixed-term contract"})]) == {
        PAIR: {"Vertrag auf Zeit": "fixed-term contract"}
    }
    refused: list[tuple[str, str, dict[str, str]]] = [
        ("de", "de", {"a": "b"}),
        ("de", "en", {"-": "b"}),
        ("de", "en", {"a": ""}),
        ("zz", "en", {}),
    ]
    for wrong in refused:
        with pytest.raises(InputError):
            gathered([wrong])


def test_a_file_has_no_more_terms_than_can_be_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(collecting, "MOST", 300)
    monkeypatch.setattr(collecting, "MOST_CHARACTERS", 16_000)
    with pytest.raises(InputError, match="more than 300 terms"):
        read("".join(f"{number}\tx\n" for number in range(301)).encode(), ("de", "en"))
    long = "x" * 1000
    with pytest.raises(InputError, match="16000 characters"):
        read("".join(f"{number}\t{long}\n" for number in range(17)).encode(), ("de", "en"))


def test_of_a_file_of_lines_without_terms_not_more_are_read_than_a_file_may_have(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(tables, "_MOST_LINES", 1000)
    for lines in (b"\n" * 1002, b"a;b\n" + b"\n" * 1002):
        with pytest.raises(InputError, match="more than 1000 lines"):
            read(lines, ("de", "en"))
