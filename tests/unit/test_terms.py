"""Terms of glossaries in texts, and their translations in translations."""

import json
from typing import Any

import pytest

from pipeline.document_info import DocumentInfo
from pipeline.errors import InputError
from pipeline.events import PART_LIMIT, DocumentPart, SegmentedPart, Sentence, decode_document, encode
from pipeline.revisions import revision
from pipeline.submission import part_of
from pipeline.terms import Terms
from pipeline.topics import RECORD_LIMIT
from translator.kept.masks import mask, unmask
from translator.kept.terms import mask as mask_terms

TERMS = Terms({"Haus": "villa", "Haus am See": "lake house", ".NET": "dotnet", "A&B": "B&A", "Motor GmbH": "Motor Ltd"})


def found(text: str) -> list[str]:
    return [text[one.start : one.end] for one in TERMS.find(text)]


def test_terms_are_found_as_they_are_written() -> None:
    assert found("Das Haus am See ist ein Haus.") == ["Haus am See", "Haus"]
    assert found("Hauses, Hausbau, haus, Baumhaus, Haus-Bau") == ["Haus"], "inflected forms are other words"
    assert found("Mit .NET und A&B; xA&B nicht.") == [".NET", "A&B"]
    assert found("") == []


def test_a_part_takes_those_terms_along_that_stand_in_it() -> None:
    assert TERMS.within("Die Motor\n   GmbH baut.") == {"Motor GmbH": "Motor Ltd"}
    assert TERMS.within("Nichts davon.") == {}
    assert not Terms({})


@pytest.mark.parametrize("bad", ["", " ", "…", "a\nb", " a", "a\0", "x" * 1025, "\u2028a", "a " * 50 + "a"])
def test_terms_that_cannot_be_used(bad: str) -> None:
    with pytest.raises(InputError):
        Terms({bad: "good"})
    if bad not in ("…", "a " * 50 + "a"):
        with pytest.raises(InputError):
            Terms({"good": bad})


def test_the_terms_of_a_part_are_bounded_so_that_every_record_fits() -> None:
    most = {f"{number:03}" + "a" * 509: '"' * 512 for number in range(256)}
    text = '"' * PART_LIMIT
    places: dict[str, Any] = {"document": "d", "part": 0, "revision": "0" * 16, "source": "de", "target": "en"}
    for event in (
        DocumentPart(text=text, terms=most),
        SegmentedPart(text=text, terms=most, last=True, spans=list(range(PART_LIMIT)), **places),
        Sentence(text=text, terms=most, index=0, **places),
    ):
        assert len(encode(event)) < RECORD_LIMIT / 2
    too_much = most | {"b": "c"}
    with pytest.raises(InputError, match="262146 bytes, at most 262144"):
        part_of(DocumentInfo("d", terms=Terms(too_much)), 0, " ".join(too_much), last=True)
    sent = b'{"text": "a", "terms": ' + json.dumps(too_much).encode() + b"}"
    with pytest.raises(InputError, match="at most 262144"):
        decode_document(sent)


def test_terms_belong_to_the_revision_of_a_part() -> None:
    plain = DocumentPart(text="Ein Haus.")
    with_terms = DocumentPart(text="Ein Haus.", terms={"Haus": "villa"})
    assert revision(plain) != revision(with_terms)
    assert revision(plain) == revision(DocumentPart(text="Ein Haus.", terms={})), "as before there were terms"


def test_names_stand_for_terms_and_for_what_is_kept() -> None:
    masked = mask_terms(mask("Das Haus steht auf {platz} am Haus."), {"Haus": "villa"})
    assert masked.text == "Das X2 steht auf X1 am X3."
    assert unmask("The X2 is at X1 by the X3.", masked) == "The villa is at {platz} by the villa."
    own = mask_terms(mask("Modell X5 im Haus"), {"Haus": "villa"})
    assert (own.text, own.kept) == ("Modell X5 im QX1", {"QX1": "villa"})
    assert mask_terms(mask("Haus"), {"Haus": "villa"}).nothing_left


def test_a_word_that_touches_a_term_stays_beside_it() -> None:
    masked = mask_terms(mask("Er lernt C++_neu und C++ dazu."), {"C++": "Zeh"})
    assert masked.text == "Er lernt X1 _neu und X2 dazu."
    assert unmask(masked.text, masked) == "Er lernt Zeh_neu und Zeh dazu."
