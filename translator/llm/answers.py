"""What a language model answered: the translations in it, whatever stands around them."""

import json
import re
from collections.abc import Iterator
from typing import Any

# How a thought ends that a model has written before its answer; the beginning may be missing.
_THOUGHTS = ("</think>", "</thinking>", "</thought>", "</reasoning>", "<|end_of_thought|>")
# An answer with more beginnings of JSON than that is none.
_TRIES = 100
_KEYS_OF_TEXT = ("text", "translation")
# Control characters, and those for private use by which the translator marks places in a text.
_UNWRITTEN = re.compile("[\x00-\x08\x0b-\x1f\x7f\U000f0000-\U000ffffd]")


class AnswerError(Exception):
    """An answer is not one translation for each sentence; says what it is, and nothing of its text."""


class _Members(list[tuple[str, Any]]):
    """The members of a JSON object, also those that have the same name."""


_decoder = json.JSONDecoder(object_pairs_hook=_Members)


def read(content: str, count: int) -> list[str]:
    """Return the translations of sentences 1 to `count`, in this order.

    Of several objects that have all of them the last one counts: what is before is a draft. Thoughts, fences and words
    around the JSON are left out. Raises `AnswerError` if a translation is missing, there twice, no text or not readable, or
    if there are more than were asked for: then nobody can say which belongs to which sentence.
    """
    reasons = []
    found: list[str] | None = None
    for value in _values(_without_thoughts(content)):
        try:
            found = _texts(value, count)
        except AnswerError as error:
            reasons.append(str(error))
    if found is None:
        raise AnswerError(reasons[-1] if reasons else "no JSON" if content.strip() else "nothing")
    return found


def cleaned(text: str) -> str:
    """Return a translation on one line, without characters that no text has."""
    return " ".join(filter(None, (_UNWRITTEN.sub("", line).strip() for line in text.splitlines())))


def _without_thoughts(content: str) -> str:
    end = max(content.rfind(mark) + len(mark) if mark in content else 0 for mark in _THOUGHTS)
    # JSON that begins the answer may have such a mark in a text.
    return content if content.lstrip().startswith("{") else content[end:]


def _values(content: str) -> Iterator[Any]:
    """Yield each JSON object or list in a text that is in none of the others."""
    position = 0
    for _ in range(_TRIES):
        starts = [place for place in (content.find("{", position), content.find("[", position)) if place >= 0]
        if not starts:
            return
        try:
            value, position = _decoder.raw_decode(content, min(starts))
        except (ValueError, RecursionError):
            position = min(starts) + 1
        else:
            yield value


def _texts(value: Any, count: int) -> list[str]:
    texts: dict[int, str] = {}
    for key, text in _pairs(value):
        number = _number(key)
        if number is None or not 1 <= number <= count:
            raise AnswerError("a translation of a sentence that was not asked for")
        if number in texts:
            raise AnswerError("two translations of one sentence")
        if not isinstance(text, str):
            raise AnswerError("a translation that is no text")
        try:
            text.encode()
        except UnicodeEncodeError:
            raise AnswerError("half of a character") from None
        texts[number] = text
    if len(texts) < count:
        raise AnswerError(f"{count - len(texts)} of {count} translations missing")
    return [texts[number] for number in range(1, count + 1)]


def _pairs(value: Any) -> list[tuple[Any, Any]]:
    """Return ids and translations of the forms in which models write them: `{"1": …}`, `[{"id": 1, "text": …}]`.

    Either may be the only member of an object.
    """
    if isinstance(value, _Members):
        if len(value) == 1 and isinstance(value[0][1], list):
            return _pairs(value[0][1])
        return list(value)
    if isinstance(value, list):
        pairs = []
        for item in value:
            if not isinstance(item, _Members):
                raise AnswerError("a list without ids")
            members = dict(item)
            texts = [members[key] for key in _KEYS_OF_TEXT if key in members]
            if "id" not in members or len(texts) != 1 or len(members) != len(item):
                raise AnswerError("a list without ids")
            pairs.append((members["id"], texts[0]))
        return pairs
    raise AnswerError("no JSON object")


def _number(key: Any) -> int | None:
    if isinstance(key, int) and not isinstance(key, bool):
        return key
    return int(key) if isinstance(key, str) and key.isascii() and key.isdigit() and len(key) < 6 else None
