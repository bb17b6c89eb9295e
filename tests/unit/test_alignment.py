"""Which words of a translation belong to which of its source, whatever was done to both texts on the way."""

import asyncio
import random
from collections.abc import Sequence

import pytest

from pipeline.alignment import Link, carried, corresponding, followed, pack, unpack, words
from pipeline.events import OfferedModel
from translator import alignment
from translator.attention import Attention, joined, of_itself
from translator.drafts import Draft, Drafter
from translator.engines import Decoding, Hypothesis, Tokens
from translator.scheduler import Scheduler


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        ("Der alte Mann", "Der alte Mann", ["Der", "alte", "Mann"]),
        ("Der alte Mann", "Der\n  alte\tMann", ["Der", "alte", "Mann"]),
        ("Der Teil ist da", "Der Theil ist da", ["Der", "Theil", "ist", "da"]),
        ("Das ist sehr wahr", "Das ist s e h r wahr", ["Das", "ist", "s e h r", "wahr"]),
        ("Die Fenster sind auf", "Die Fens-\nter sind auf", ["Die", "Fens-\nter", "sind", "auf"]),
        ("Siehe X1 und X2.", "Siehe https://a.de/b.c und D:\\x.", ["Siehe", "https://a.de/b.c", "und", "D:\\x", "."]),
        ("X1", "<code>a b</code>", ["<code>a b</code>"]),
        ("Das kostet 1,234.50 €.", "Das kostet 1.234,50 €.", ["Das", "kostet", "1.234,50", "€", "."]),
        ("DER TURM", "Der Turm", ["Der", "Turm"]),
        ("a b c", "a c", ["a", None, "c"]),
        ("a b", "", [None, None]),
        ("", "a b", []),
    ],
)
def test_words_are_found_again_in_a_text_that_was_made_from_theirs(
    before: str, after: str, expected: list[str | None]
) -> None:
    found = carried(words(before), before, after)
    assert [None if span is None else after[span[0] : span[1]] for span in found] == expected


def test_texts_that_have_little_in_common_keep_their_order() -> None:
    random.seed(7)
    first = [random.choice("ab") for _ in range(1000)]
    second = [random.choice("abc") for _ in range(1000)]
    found = corresponding(first, second)
    assert len(found) == 1000
    assert all(0 <= start <= end <= 1000 for start, end in found)
    assert found == sorted(found)


def test_links_travel_as_numbers() -> None:
    links = [Link((0, 5), (0, 4), 0.93), Link((6, 9), (5, 8), 0.88)]
    assert pack(links) == [0, 5, 0, 4, 93, 6, 9, 5, 8, 88]
    assert unpack(pack(links)) == links
    with pytest.raises(ValueError, match="five"):
        unpack([0, 5, 0, 4])


def pairs(source: str, translation: str, links: Sequence[Link]) -> list[tuple[str, str]]:
    return [(source[link.source[0] : link.source[1]], translation[link.target[0] : link.target[1]]) for link in links]


def test_each_word_has_its_source_and_each_source_its_word_where_both_are_left() -> None:
    attention = Attention("Er kam X1 heim", "X1 he came", ((0.1, 0.1, 0.8, 0.0), (0.9, 0, 0, 0), (0.0, 0.6, 0.0, 0.15)))
    found = alignment.links("Er kam\n<b> heim", "<b> he came", [attention])
    assert found is not None
    assert pairs("Er kam\n<b> heim", "<b> he came", found) == [
        ("<b>", "<b>"),
        ("Er", "he"),
        ("kam", "came"),
        ("heim", "came"),
    ]


def test_attention_of_pieces_is_put_together() -> None:
    one = joined([of_itself("a b"), Attention("c", "d e", ((1.0,), (0.5,)))])
    assert one == Attention("a b c", "a b d e", ((1, 0, 0), (0, 1, 0), (0, 0, 1), (0, 0, 0.5)))


class Backwards:
    """Translates words into capitals from the last to the first, and says so."""

    model = OfferedModel(id="backwards@1", source="de", target="en")
    device = "none"
    verbatim = False
    limit = 8
    batch_tokens = 100
    workers = 1
    spare = 0
    round_size = 100
    tells = True

    def encode(self, text: str) -> Tokens:
        return text.split()

    def stop(self) -> None: ...

    def generate(self, batch: Sequence[Tokens], decoding: Decoding) -> list[Hypothesis]:
        made = []
        for tokens in batch:
            # A full stop stays at the end.
            said, stop = " ".join(tokens).removesuffix("."), "." * tokens[-1].endswith(".")
            source, text = f"{said}{stop}", f"{' '.join(reversed(said.split()))}{stop}".upper()
            count = len(words(source))
            last = count - 1 - len(stop)
            rows = tuple(
                tuple(float(place == (row if row > last else last - row)) for place in range(count))
                for row in range(count)
            )
            wanted = decoding.attention and self.tells
            made.append(Hypothesis(text, attention=Attention(source, text, rows) if wanted else None))
        return made


def drafts(engine: Backwards, texts: list[str], align: list[bool]) -> list[Draft]:
    async def run() -> list[Draft]:
        scheduler = Scheduler(1)
        scheduler.start()
        try:
            return await Drafter(engine, scheduler, urgent=True).translate(texts, align=align)
        finally:
            await scheduler.stop()

    return asyncio.run(run())


def test_a_text_in_pieces_with_line_breaks_has_its_links_and_one_that_asks_for_none_has_none() -> None:
    text = "ast bach dach ei\nfass garten   haus igel jacke kamm leiter mond"
    asked, other = drafts(Backwards(), [text, "eins zwei"], [True, False])
    assert "split" in asked.flags
    assert {(one, two) for one, two in pairs(text, asked.text, asked.links) if one != "zwölf"} == {
        (word, word.upper()) for word in text.split() if word != "zwölf"
    }, "the last word gets a full stop, which the engine here moves to the front"
    assert other.links == []


def test_an_engine_that_does_not_tell_has_its_translations_flagged() -> None:
    engine = Backwards()
    engine.tells = False
    asked, other, kept = drafts(engine, ["eins zwei", "drei vier", "12 34"], [True, False, True])
    assert (asked.flags, asked.links) == (["unaligned"], [])
    assert (other.flags, other.links) == ([], [])
    assert (kept.flags, kept.links) == ([], [Link((0, 2), (0, 2), 1.0), Link((3, 5), (3, 5), 1.0)])


@pytest.mark.parametrize(
    ("before", "bold", "after", "still"),
    [
        # Another word in its place, a word more, moved to the front, written otherwise, at the end of a longer text.
        ("The seller delivers the goods.", "goods", "The seller delivers the merchandise.", ["merchandise"]),
        ("The seller delivers goods.", "goods", "The seller shall then deliver all goods.", ["goods"]),
        ("Pay within 14 days.", "14 days", "14 days are the limit; pay within.", ["14", "days"]),
        ("The Seller pays.", "Seller", "It is the seller who pays.", ["seller"]),
        ("He pays at once", "once", "At once he pays", ["once"]),
    ],
)
def test_links_follow_the_words_into_what_a_person_made(before: str, bold: str, after: str, still: list[str]) -> None:
    start = before.index(bold)
    links = [
        Link((at, at + 1), span, 1.0)
        for at, span in enumerate(words(before))
        if start <= span[0] and span[1] <= start + len(bold)
    ]
    assert [after[slice(*link.target)] for link in followed(links, before, after)] == still


def test_links_of_words_that_are_gone_are_gone() -> None:
    links = [Link((0, 3), (0, 3), 1.0), Link((4, 7), (4, 7), 0.5)]
    assert followed(links, "one two", "") == []
    assert followed(links, "one two", "one two") == links
    assert followed([], "one", "two") == []
