"""Terms in sentences, and in their translations."""

import pytest

from pipeline.term_hits import TermHit, term_hits
from pipeline.terms import Terms
from store.parts import sentences_of

TERMS = Terms({"Vertrag": "contract", "Verträge": "contract", "GmbH": "Ltd", "C++": "C++"})


@pytest.mark.parametrize(
    ("source", "translation", "expected"),
    [
        ("Der Vertrag.", "The contract.", {"Vertrag": True}),
        ("Vertrag ist Vertrag.", "Contract is contract.", {"Vertrag": True}),
        ("Die Verträge.", "The contracts.", {"Verträge": True}),
        ("Der Vertrag.", "The subcontract.", {"Vertrag": False}),
        ("Der Vertrag.", "The contractor.", {"Vertrag": False}),
        ("Der Vertrag.", "The agreement.", {"Vertrag": False}),
        ("Der Vertrag der GmbH.", "The contract of the company.", {"Vertrag": True, "GmbH": False}),
        ("In C++ also.", "In C++, then.", {"C++": True}),
        ("Der Vertrag.", None, {"Vertrag": None}),
        ("Der Mietvertrag.", "The lease.", {}),
    ],
)
def test_what_is_kept_of_terms(source: str, translation: str | None, expected: dict[str, bool | None]) -> None:
    assert {hit.source: hit.kept for hit in term_hits(TERMS, source, translation)} == expected


def test_sentences_of_a_part_say_their_terms() -> None:
    text = "Der Vertrag. Das Haus."
    entry = {
        "part": 0, "text": text, "spans": [0, 12, 13, 22], "terms": [["Vertrag", "contract"]], "characters": len(text),
        "translations": {"0": {"text": "The agreement."}, "1": {"text": "The house."}},
    }  # fmt: skip
    first, second = sentences_of(entry, 0)
    assert first.terms == (TermHit("Vertrag", "contract", kept=False),)
    assert second.terms == ()
