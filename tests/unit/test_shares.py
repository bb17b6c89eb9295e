"""How much of a key's texts goes before books."""

from api.callers import ANYBODY, Caller
from api.shares import Shares
from pipeline.events import DocumentPart

ALICE, BOB = Caller("alice"), Caller("bob")
NOTE = DocumentPart(text="x" * 100)


class Clock:
    now = 0.0

    def __call__(self) -> float:
        return self.now


def sent(shares: Shares, caller: Caller, part: DocumentPart, times: int) -> list[str]:
    return [shares.within(caller, part).priority for _ in range(times)]


def test_a_flood_goes_behind_and_keeps_nobody_else_from_going_before() -> None:
    shares = Shares(1_000, Clock())
    assert sent(shares, ALICE, NOTE, 12) == ["normal"] * 10 + ["low"] * 2
    assert sent(shares, BOB, NOTE, 1) == ["normal"]


def test_a_share_comes_back_and_never_grows_beyond_a_minute() -> None:
    clock = Clock()
    shares = Shares(1_000, clock)
    sent(shares, ALICE, NOTE, 10)
    clock.now = 12
    assert sent(shares, ALICE, NOTE, 3) == ["normal"] * 2 + ["low"]
    clock.now = 1_000
    assert sent(shares, ALICE, NOTE, 11) == ["normal"] * 10 + ["low"]


def test_only_what_goes_before_others_counts() -> None:
    shares = Shares(5_000, Clock())
    later = DocumentPart(text="x" * 60_000, part=1)
    back = DocumentPart(text="x" * 60_000, priority="low")
    assert sent(shares, ALICE, later, 3) + sent(shares, ALICE, back, 3) == ["normal"] * 3 + ["low"] * 3
    # Of a book only the first page.
    assert sent(shares, ALICE, DocumentPart(text="x" * 60_000), 3) == ["normal", "normal", "low"]


def test_what_is_high_goes_behind_with_all_of_it() -> None:
    shares = Shares(1_000, Clock())
    high = DocumentPart(text="x" * 30_000, priority="high", urgent=20_000)
    assert shares.within(ALICE, high) == high
    assert shares.within(ALICE, high) == DocumentPart(text=high.text, priority="low")


def test_admins_and_open_pipelines_are_not_counted() -> None:
    shares = Shares(1, Clock())
    assert sent(shares, ANYBODY, NOTE, 3) + sent(shares, Caller("root", admin=True), NOTE, 3) == ["normal"] * 6
