"""What reads texts takes time for their length, whatever they are: four times the text, about four times the time."""

import re
from collections.abc import Callable

import pytest

from formats.markup.document import Markup
from formats.markup.rules import Rules
from pipeline.parts import cut
from pipeline.terms import Terms
from segmenter.boundaries import Boundaries
from segmenter.splitter import Splitter
from tests.conftest import MODELS
from tests.growth import PATIENCE, check_growth, limited, seconds
from translator import alignment, guards, pieces
from translator.engines import Hypothesis
from translator.facts import Facts
from translator.kept import masks
from translator.kept import terms as translator_terms
from translator.kept.names import Names
from translator.writing import foreign, layout, spelling

SPLITTER = Splitter(MODELS)

UNITS = {
    "letters": "a",
    "spaces": " ",
    "tabs": "\t",
    "line breaks": "\n",
    "slashes": "/",
    "full stops": ".",
    "brackets": "(",
    "tags": "<b>wort</b> haus ",
    "different tags": "<b>Wort%d</b> ",
    "breaks": "Wort<br>",
    "open tags": "<b>a ",
    "unfinished tags": "<a b=",
    "kept": "<code>x</code> a ",
    "kept apart": "<code>x</code><p>",
    "braces": "{k",
    "names": "X1 ",
    "entities": "&amp; ",
    "hard wrapped": "ein Wort\n    und ",
    "hyphens": "Vor- und Nachteile ",
    "rows": "Zelle\tZelle\t\t\n",
    "strokes": "| Zelle |\n",
    "keys": "name = Wert\n",
    "quoted": "> ein Wort\n>> und\n",
    "program": 'x = f("a"); // und\n',
    "formulas": "\\[\n<!-- $$\n",
    "different words": "Wort%d ",
    "amounts": "1.234,%d ",
    "addresses": "https://a.de/b_c?d=1 a@b.de ",
    "json": '{"a": [1, "b"],\n ',
    "emoji": "\U0001f600",
    "combining": "e\u0301",
    "capitals": "GROSSE WORTE ",
    "list": "a, b; c/d - e ",
    "ideographs": "今日は。",
}


def of(unit: str, size: int) -> str:
    """Return a text of about a size: `a`, the unit again and again, `Ende.`"""
    repeated = (unit % number if "%d" in unit else unit for number in range(size // len(unit)))
    return f"a{''.join(repeated)}Ende."


def count(text: str) -> int:
    """Count tokens as a model might."""
    return len(re.findall(r"\w{1,4}|\W", text))


def markup(rules: Rules) -> Callable[[str], object]:
    def translate(source: str) -> str:
        one = Markup(source, rules)
        text = one.text
        return (
            one.restore([(text, text.replace("wort", "word").replace("Wort", "Word").replace("{k", "{"))])
            if text
            else ""
        )

    return translate


def carry(text: str) -> object:
    other = text.replace("Wort", "Worte").replace("a", "b").replace(" ", "  ")[::-1]
    return alignment.links(text, other, [])


def find_terms(text: str) -> dict[str, str]:
    found = Terms({"a": "b", "Wort": "word", "Wort12": "w", "a a a x": "c", ".NET": "d"}).within(text)
    translator_terms.mask(masks.mask(text), found)
    return found


def mask(text: str) -> str:
    masked = masks.mask(text)
    assert masked.nothing_left in (True, False)
    mended = masked.names.mend(f"{masked.text} X1 X2 x3 X11", list(masked.kept)[:20])
    return masks.unmask(mended, masked)


def break_lines(text: str) -> str:
    flat, breaks = layout.flatten(text)
    return layout.restore(flat.replace("a", "b"), breaks)


def guard(text: str) -> list[str]:
    return guards.reasons(text, Hypothesis(text.replace("Wort", "word").replace(".", ",")), FACTS)


def write_facts(text: str) -> str:
    usual = FACTS.usual(text)
    FACTS.lost(usual, text)
    return FACTS.mended(usual, text)


def write_usually(text: str) -> str:
    spelling.in_capitals(text, count)
    return spelling.small(spelling.usual(text, "de", count), count)


def judge(text: str) -> bool:
    return foreign.is_foreign(text, "de", "en") and foreign.is_unusual(text, "de", count)


FACTS = Facts("de", "en")
FUNCTIONS: dict[str, Callable[[str], object]] = {
    "html": markup(Rules()),
    "xml": markup(Rules(html=False)),
    "terms": find_terms,
    "masks": mask,
    "layout": break_lines,
    "guards": guard,
    "facts": write_facts,
    "spelling": write_usually,
    "links": carry,
    "foreign": judge,
    "pieces": lambda text: pieces.split(text, 200, count),
    "pieces again": lambda text: pieces.split_again(text, count, Names()),
    "parts": lambda text: cut(text, 4096),
    "boundaries": Boundaries(MODELS / "boundaries-de").find,
}


@pytest.mark.parametrize("unit", UNITS)
@pytest.mark.parametrize("function", FUNCTIONS)
def test_time_grows_with_the_text(function: str, unit: str) -> None:
    check_growth(FUNCTIONS[function], lambda size: of(UNITS[unit], size), 5_000)


@pytest.mark.parametrize(
    "unit", ["letters", "tabs", "brackets", "rows", "different words", "addresses", "json", "combining"]
)
def test_splitting_grows_with_the_text(unit: str) -> None:
    check_growth(lambda text: SPLITTER.spans(text, "de"), lambda size: of(UNITS[unit], size), 3_000)


@pytest.mark.parametrize(
    ("opening", "closing"),
    [("<b>", "</b>"), ("<p>", "</p>"), ("(", ")"), ("{", "}"), ("<code>", "</code>"), ("„", "“")],
)
def test_nesting(opening: str, closing: str) -> None:
    def nested(size: int) -> str:
        return f"{opening * (size // 6)}wort{closing * (size // 6)} haus."

    for function in FUNCTIONS.values():
        check_growth(function, nested, 5_000)


@pytest.mark.parametrize(
    "terms",
    [
        pytest.param({f"der Vertrag {number}": "x" for number in range(20_000)}, id="same first word"),
        pytest.param({"a " * 49 + f"x{number}": "x" for number in range(1_000)}, id="same beginning"),
        pytest.param({"a " * number + "x": "x" for number in range(1, 50)}, id="every length"),
        pytest.param({"!" * number + "der": "x" for number in range(1, 1_000)}, id="signs before"),
    ],
)
def test_finding_takes_no_longer_with_many_terms(terms: dict[str, str]) -> None:
    many, few = Terms(terms), Terms(dict(list(terms.items())[:20]))
    with limited(PATIENCE):
        for text in ("der " * 4_000, "der Vertrag ist da. " * 800, "!!!!der " * 2_000, "a " * 4_000):
            took, enough = (min(seconds(index.within, text) for _ in range(3)) for index in (many, few))
            assert took < 10 * enough + 0.05
