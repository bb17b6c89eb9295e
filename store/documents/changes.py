"""What a person makes of a sentence, and what follows from it for what is stored of the sentence."""

from collections.abc import Collection, Mapping
from datetime import UTC, datetime
from typing import Any, NamedTuple

from pipeline.errors import InputError
from store.driver import Entry

# Earlier states of a sentence that are kept: so many, and no more characters than that, but always the last one.
_MOST_STATES = 20
_MOST_CHARACTERS = 20_000


class Made(NamedTuple):
    """What a person makes of a sentence; `text` None: the machine's translation counts."""

    text: str | None = None
    approved: bool = False
    comment: str | None = None

    def changed(self, fields: Mapping[str, Any]) -> "Made":
        """Return it with other fields. Another text has to be approved anew, unless that is said with it."""
        other = self._replace(**fields)
        return other if "approved" in fields or other.text == self.text else other._replace(approved=False)


class OtherVersionError(Exception):
    """Another version is there than those that were expected."""


def next_change(
    entry: Entry, index: int, fields: Mapping[str, Any], by: str | None, expected: Collection[int] | None
) -> Entry | None:
    """Return what is to be stored for a sentence; None if that is there already.

    Raises `OtherVersionError`, and `InputError` as `_fitting` does.
    """
    stored: Entry | None = entry.get("corrections", {}).get(str(index))
    history: list[Entry] = stored["history"] if stored else []
    version, now = (stored["version"], _made(stored)) if stored else (0, Made())
    machine: Entry = entry["translations"].get(str(index), {})
    if expected is not None and version not in expected:
        before = _made(history[-1]) if history else Made()
        asked_again = stored is not None and version - 1 in expected and stored["by"] == by
        if asked_again and _fitting(before.changed(fields), machine) == now:
            return None
        raise OtherVersionError
    made = _fitting(now.changed(fields), machine)
    if made == now:
        return None
    if stored is not None:
        history = _bounded([*history, {name: value for name, value in stored.items() if name != "history"}])
    return {**made._asdict(), "by": by, "at": datetime.now(UTC), "version": version + 1, "history": history}


def _made(entry: Entry) -> Made:
    return Made(entry["text"], entry["approved"], entry["comment"])


def _fitting(made: Made, machine: Entry) -> Made:
    """Return what a person makes of a sentence as it is stored. Raises `InputError` for approval of nothing."""
    there = machine.get("text")
    if made.text is not None and made.text == there and not machine.get("failed"):
        made = made._replace(text=None)
    if made.approved and made.text is None:
        if there is None:
            raise InputError("this sentence has no translation yet that could be approved; give its text as well")
        if machine.get("failed"):
            # A translation may come after all, and it is not what was approved.
            made = made._replace(text=there)
    return made


def _bounded(history: list[Entry]) -> list[Entry]:
    kept: list[Entry] = []
    room = _MOST_CHARACTERS
    for state in reversed(history[-_MOST_STATES:]):
        room -= len(state["text"] or "") + len(state["comment"] or "")
        if kept and room < 0:
            break
        kept.insert(0, state)
    return kept


def surroundings(entry: Entry, index: int, *, last: bool) -> tuple[str | None, str, str | None]:
    """Return a sentence between those beside it; what is in another part is not known."""
    text, spans = entry["text"], entry["spans"]
    before, sentence, after = (
        text[spans[2 * at] : spans[2 * at + 1]] if 0 <= 2 * at < len(spans) else None
        for at in range(index - 1, index + 2)
    )
    if before is None and entry["part"] == 0:
        before = ""
    if after is None and last:
        after = ""
    assert sentence is not None, "there is such a sentence"
    return before, sentence, after
