"""Malformed records of many kinds for every topic that a service reads; the same seed gives the same records."""

import gzip
import json
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from random import Random
from typing import Any

from pipeline.events import PART_LIMIT, DocumentPart
from pipeline.revisions import revision
from tests.headers import Name

Fields = dict[str, Any]


class Dice(Random):
    """Chance, and how many records of a kind there were on its topic before: what can be listed is taken in turn."""

    turn = 0

    def next_of(self, values: Sequence[Any]) -> Any:
        """Return the value whose turn it is."""
        return values[self.turn % len(values)]


Make = Callable[[Dice, Fields], bytes | None]

DOCUMENTS = ("documents", "documents.bulk")
SENTENCES = ("sentences.interactive", "sentences.bulk")
INNER = ("parts", *SENTENCES, "translations")
COMPACTED = ("translators", "control")
TOPICS = (*DOCUMENTS, *INNER, *COMPACTED)

DEEP = 5_000
"""Levels of nesting: Python's stack has a thousand."""


@dataclass(frozen=True)
class Kind:
    """One way of being malformed. `reason` is what the refusal says; without one the record is legal, if strange."""

    name: str
    make: Make
    reason: str | None
    topics: Sequence[str] = TOPICS
    large: bool = False
    """Takes long, so there are few of them."""


@dataclass(frozen=True)
class Malformed:
    """A record to send, and what has to become of it."""

    kind: str
    topic: str
    value: bytes | None
    key: bytes | None
    reason: str | None


def base(topic: str, name: str, text: str = "Guten Tag.") -> Fields:
    """Return a correct event of a topic with all its fields."""
    languages = {"source": "de", "target": "en"}
    if topic in DOCUMENTS:
        common = {"part": 0, "last": True, "model": "m", "metadata": {"a": 1}, "priority": "normal",
                  "candidates": ["de"], "terms": {"Tag": "day"}, "alternatives": 2}  # fmt: skip
        return {"version": 1, "id": name, "text": text, **common, **languages}
    if topic == "translators":
        offered = {"id": "m@1", **languages}
        return {"version": 1, "id": name, "engine": "e", "device": "cpu", "state": "stopping", "models": [offered],
                "any_pair": False, "at": 1}  # fmt: skip
    if topic == "control":
        return {"version": 1, "document": name, "action": "cancel"}
    digest = revision(DocumentPart(text=text))
    common = {"version": 1, "document": name, "part": 0, "revision": digest, "text": text, **languages, "model": "m"}
    if topic == "parts":
        return {**common, "last": True, "spans": [0, 4, 5, 10], "metadata": {"a": 1}, "created": 1, "detected": "de"}
    if topic == "translations":
        made = {"flags": ["split"], "suspect": ["length"], "failed": False, "queued_ms": 1.5, "engine_ms": 2.5}
        return {**common, "index": 0, "alternatives": ["Good day."], **made}
    return {**common, "index": 0, "detected": True, "terms": {"Tag": "day"}, "alternatives": 2}


def written(fields: object) -> bytes:
    """Return JSON as services write it."""
    return json.dumps(fields, ensure_ascii=False).encode()


def _raw(field: str, *texts: str) -> Make:
    """Put text into the place of a field's value that `json` would not write."""

    def make(random: Dice, fields: Fields) -> bytes:
        place = json.dumps(fields | {field: "@place@"})
        return place.replace('"@place@"', random.next_of(texts)).encode()

    return make


def _set(field: str, *values: Any) -> Make:
    return lambda random, fields: written(fields | {field: random.next_of(values)})


def _bytes(*values: bytes | None) -> Make:
    return lambda random, fields: random.next_of(values)


def _around(before: bytes, after: bytes = b"") -> Make:
    return lambda random, fields: before + written(fields) + after


def _truncated(random: Dice, fields: Fields) -> bytes:
    whole = written(fields)
    return whole[: random.randrange(1, len(whole))]


def _without_required(random: Dice, fields: Fields) -> bytes:
    required = {"text", "revision", "document", "engine", "device", "state", "models", "action"} & fields.keys()
    left_out = random.next_of(sorted(required))
    return written({name: value for name, value in fields.items() if name != left_out})


_OF_OTHER_TYPES: dict[type, list[Any]] = {
    str: [7, 1.5, True, [], {}],
    int: ["1", 1.5, True, [], {}],
    bool: ["true", 1, [], {}],
    float: ["1.5", True, [], {}],
    list: ["x", 5, {}, [None]],
    dict: ["x", 5, [], [1]],
}


def wrong_types(fields: Fields) -> list[Fields]:
    """Return the event with each field as each type that it has not."""
    return [fields | {name: wrong} for name, value in fields.items() for wrong in _OF_OTHER_TYPES[type(value)]]


def _wrong_type(random: Dice, fields: Fields) -> bytes:
    return written(random.choice(wrong_types(fields)))


def _null(random: Dice, fields: Fields) -> bytes:
    """Return the event with null for something that has another type, and for which null says nothing."""
    names = [name for name, value in sorted(fields.items()) if isinstance(value, int | float | list | dict)]
    return written(fields | {random.next_of(names): None})


def _wrong_keys(random: Dice, fields: Fields) -> bytes:
    return written(list(fields.items()))


def _nested(open_: str, close: str) -> str:
    return open_ * DEEP + "1" + close * DEEP


_LISTS, _OBJECTS = _nested("[", "]"), _nested('{"a":', "}")
_DIGITS = "9" * 5_000
_TOO_DEEP = json.dumps({"a": json.loads("[" * 30 + "]" * 30)})
_ID = {topic: "id" if topic in DOCUMENTS else "document" for topic in (*DOCUMENTS, *INNER)}
_NAMED = (*DOCUMENTS, *INNER)
_WITH_METADATA = (*DOCUMENTS, "parts")
_WITH_TERMS = (*DOCUMENTS, *SENTENCES)
_WITH_INDEX = (*SENTENCES, "translations")


def _set_id(*values: Any) -> Make:
    return lambda random, fields: written(fields | {"id" if "id" in fields else "document": random.next_of(values)})


KINDS = (
    # The bytes.
    Kind("null", _bytes(None), "empty record", (*_NAMED, "control")),
    Kind("empty", _bytes(b""), "empty record", (*_NAMED, "control")),
    Kind("tombstone", _bytes(None, b""), None, ("translators",)),
    Kind("white space", _bytes(b" ", b"\n\n", b"\t"), "truncated"),
    Kind("no JSON", _bytes(b"Guten Tag.", b"<xml/>", b"text=x", b"\x00\x00", b"{text: 1}", b"{'a': 1}"), "malformed"),
    Kind("random bytes", lambda random, fields: b"\xfe" + random.randbytes(200), "malformed"),
    Kind("not UTF-8 in a text", _around(b'{"text": "\xff\xfe", "engine": "\xff"', b""), "not a "),
    Kind("not UTF-8 in an unknown field", lambda random, fields: written(fields)[:-1] + b', "u": "\xff"}', "utf-8",
         DOCUMENTS),
    Kind("a lone surrogate, escaped", lambda random, fields: written(fields)[:-1] + b', "\\ud800": 1, "after": "it"}',
         "surrogate"),
    Kind("a lone surrogate, in bytes", lambda random, fields: b'{"source": "\xed\xa0\x80"}', "utf-8", _NAMED),
    Kind("overlong UTF-8", lambda random, fields: b'{"source": "\xc0\xaf"}', "utf-8", _NAMED),
    Kind("UTF-16", lambda random, fields: json.dumps(fields).encode("utf-16"), "malformed"),
    Kind("a byte order mark", _around(b"\xef\xbb\xbf"), None, DOCUMENTS),
    Kind("compressed by its sender", lambda random, fields: gzip.compress(written(fields), mtime=0), "malformed"),
    Kind("truncated", _truncated, ""),
    Kind("two documents", lambda random, fields: written(fields) * 2, "trailing characters"),
    Kind("raw control characters", lambda random, fields: written(fields)[:-1] + b', "u": "a\x01b"}', "malformed"),
    # JSON, but no event.
    Kind("a scalar", _bytes(b"1", b'"text"', b"true", b"null", b"-0.5", b'""'), "Expected `object`"),
    Kind("an array", _bytes(b"[]", b"[1]", b'[{"text": "x"}]', b"[[[]]]"), "Expected `object`"),
    Kind("pairs for an object", _wrong_keys, "Expected `object`"),
    Kind("an empty object", _bytes(b"{}", b"{ }", b'{"x": 1}', b'{"": ""}'), "missing required field"),
    Kind("a field is missing", _without_required, "missing required field"),
    Kind("a field has the wrong type", _wrong_type, "Expected `"),
    Kind("null for what has to be there", _set("text", None), "Expected `str`", DOCUMENTS),
    Kind("null in an event of a service", _null, "Expected `", (*INNER, *COMPACTED)),
    Kind("nested lists", _raw("unknown", _LISTS), "nested too deeply"),
    Kind("nested objects", _raw("unknown", _OBJECTS), "nested too deeply"),
    Kind("brackets without end", _raw("unknown", "[" * DEEP, '{"a":' * DEEP), "nested too deeply"),
    Kind("NaN and Infinity", _raw("version", "NaN", "Infinity", "-Infinity", "nan"), "malformed"),
    Kind("a number beyond floats", _raw("version", "1e999", "-1e99999"), "out of range"),
    Kind("a number of 5,000 digits", _raw("version", _DIGITS), "out of range"),
    # On topics that only services write it is waited for: tests/integration/test_loop.py
    Kind("a version of the future", _set("version", 2, 99, 2**40, 10**30), "newer than this release",
         (*DOCUMENTS, "control", "translators")),
    Kind("a version below one", _set("version", 0, -1, -(10**30)), "$.version"),
    # Fields.
    Kind("an id with bad characters", _set_id("a b", "a/b", "ä", "a\0", "a\n", "\n", "a\r\nb", "<a>", "$a", "{}"),
         "`", _NAMED),
    Kind("an id that is empty, too long or begins badly", _set_id("", "x" * 129, ".a", "-", "x" * 9_999), "`", _NAMED),
    Kind("a part number out of range", _set("part", -1, 10_000_000, 2**31, 2**63, 2**64, 10**40), "$.part", _NAMED),
    Kind("a part number that is none", _set("part", 1.5, 0.1, "0", "", [0], True), "$.part", _NAMED),
    Kind("an index out of range", _set("index", -1, PART_LIMIT, 2**31, 2**63, 10**40), "$.index", _WITH_INDEX),
    Kind("a revision of the wrong form", _set("revision", "", "0" * 15, "0" * 17, "G" * 16, "A" * 16, "0" * 16 + "\n"),
         "$.revision", INNER),
    Kind("a language that is none", _set("source", "xx", "german", "DEUTSCH", "de-", "d-e", "q1"),
         "unknown language", DOCUMENTS),
    Kind("a language as people write it", _set("source", "DE", "de_AT", "De"), None, DOCUMENTS),
    Kind("a language that is empty, too long or no code", _set("target", "", "d", "x" * 36, "d e", "de\r\nX: y", "日本",
         "de\0"), "$.target", _NAMED),
    Kind("a model's name without end", _set("model", "m" * 301, "m" * 20_000), "$.model", _NAMED),
    Kind("last is a string", _set("last", "true", "false", "", "yes"), "$.last", _WITH_METADATA),
    Kind("an unknown priority", _set("priority", "urgent", "", "HIGH", 1), "$.priority", DOCUMENTS),
    Kind("an unknown state", _set("state", "warm", "", "READY", "dead"), "$.state", ("translators",)),
    Kind("an unknown action", _set("action", "", "pause", "CANCEL", "cancel "), "$.action", ("control",)),
    Kind("a model without languages", _set("models", [{"id": "m"}], [{}], [{"id": "m", "source": "", "target": ""}]),
         "$.models[0]", ("translators",)),
    Kind("a time that no calendar has", _set("created", -1, 2**53, 2**63, 10**40), "$.created", ("parts",)),
    Kind("a time of the roster that is none", _set("at", -1, 2**63, 10**40), "$.at", ("translators",)),
    Kind("flags that are no words", _set("flags", [1], [None], [["split"]], {"split": 1}), "$.flags", ("translations",)),
    Kind("candidates that are no languages", _set("candidates", [""], ["de", "x" * 36], ["d e"], ["de"] * 501),
         "$.candidates", DOCUMENTS),
    Kind("a detected language that is none", _set("detected", "", "d", "x" * 36, "d e", "de\n"), "$.detected", ("parts",)),
    Kind("terms without end", _set("terms", {"x" * 1_025: "y"}, {"x": "y" * 1_025}, {f"a{n}": "b" for n in range(32_769)}),
         "$.terms", _WITH_TERMS, large=True),
    Kind("terms that no text can have", _set("terms", {"": "x"}, {"x": " "}, {"…": "x"}, {" a": "b"}, {"a\nb": "c"}),
         "the term ", _WITH_TERMS),
    Kind("more alternatives than there may be", _set("alternatives", -1, 11, 2**63, ["x"] * 11), "$.alternatives",
         (*_WITH_TERMS, "translations")),
    # Metadata.
    Kind("metadata too large", _set("metadata", {"a": "x" * 17_000}, {"x" * 17_000: 1}, {"a": [0] * 9_000}), "bytes",
         _WITH_METADATA),
    Kind("metadata nested too deeply", _raw("metadata", _TOO_DEEP), "nested deeper than", _WITH_METADATA),
    Kind("metadata nested without end", _raw("metadata", f'{{"a":{_LISTS}}}', _OBJECTS), "nested too deeply",
         _WITH_METADATA),
    Kind("NUL in a name of the metadata", _set("metadata", {"\0": 1}, {"a": [{"b\0c": 1}]}), "NUL", _WITH_METADATA),
    Kind("integers beyond 64 bits in the metadata", _set("metadata", {"a": 2**63}, {"a": [-(2**64)]}, {"a": 10**400}),
         "64 bits", _WITH_METADATA),
    # Spans; the text has ten characters.
    Kind("spans without a partner", _set("spans", [0], [0, 4, 5]), "each sentence has two", ("parts",)),
    Kind("spans outside the text", _set("spans", [0, 11], [0, 4, 5, 2**31], [0, 2**63], [0, 10**30], [20, 30]),
         "the text has 10 characters", ("parts",)),
    Kind("negative spans", _set("spans", [-1, 4], [-(2**63), 4], [-4, -1]), "reach from -", ("parts",)),
    Kind("reversed and empty spans", _set("spans", [4, 0], [3, 3], [0, 4, 6, 5], [0, 0]), "do not ascend", ("parts",)),
    Kind("spans that overlap or descend", _set("spans", [0, 5, 4, 10], [5, 10, 0, 4], [0, 4, 0, 4]), "do not ascend",
         ("parts",)),
    # Size.
    Kind("a part too large", lambda random, fields: written(fields | {"text": "x" * 66_000, "last": False}), "cut the text",
         DOCUMENTS, large=True),
    Kind("a text longer than a part", lambda random, fields: written(fields | {"text": "ä" * (PART_LIMIT + 1)}), "$.text",
         ("parts", *SENTENCES), large=True),
    Kind("almost as large as a record may be", lambda random, fields: b'"' + b"x" * 4_190_000 + b'"', "Expected `object`",
         large=True),
    Kind("almost as large, and no JSON", lambda random, fields: b"\xff" * 4_190_000, "malformed", large=True),
    # Legal, if strange.
    Kind("unknown fields", lambda random, fields: written(fields | {"of_a_later_release": [{"$set": {"a.b": 1}}], "": 0}),
         None),
    Kind("a field twice", lambda random, fields: b'{"version": 1, ' + written(fields)[1:], None),
    Kind("white space around", _around(b" \n\t", b"\r\n "), None),
    Kind("every character escaped",
         lambda random, fields: written(fields | {"text": "ä\0😀"} if "text" in fields else fields).replace(
             "ä".encode(), b"\\u00e4"), None, _NAMED[:2] + SENTENCES + ("translations",)),
    Kind("NUL in the text", _set("text", "vor\0nach", "\0"), None, (*DOCUMENTS, *SENTENCES, "translations")),
    Kind("an empty text", _set("text", ""), None, (*DOCUMENTS, *SENTENCES, "translations")),
    Kind("names that MongoDB reads as operators", _set("metadata", {"$set": {"a": 1}, "a.b": 1, "": 1}, {"$where": "1"}),
         None, _WITH_METADATA),
    Kind("of a document that nobody sent", lambda random, fields: written(fields), None, INNER),
    Kind("of a pair that nobody offers", lambda random, fields: written(fields | {"source": "fr", "target": "sw"}), None,
         (*DOCUMENTS, *INNER)),
)  # fmt: skip


def malformed(count: int, *, seed: int) -> list[Malformed]:
    """Return so many records, of all kinds on all their topics, shuffled."""
    dice = Dice(seed)
    pairs = [(kind, topic) for kind in KINDS for topic in kind.topics]
    small = [pair for pair in pairs if not pair[0].large]
    chosen = [(0, *pair) for pair in pairs]
    chosen += [(1 + number // len(small), *small[number % len(small)]) for number in range(count - len(pairs))]
    dice.shuffle(chosen)
    return [_record(dice, turn, kind, topic, number) for number, (turn, kind, topic) in enumerate(chosen[:count])]


def _record(random: Dice, turn: int, kind: Kind, topic: str, number: int) -> Malformed:
    random.turn = turn
    value = kind.make(random, base(topic, f"strange-{number}"))
    keys: list[bytes | None] = [f"{kind.name}/{number}".encode()]
    # A compacted topic takes no record without a key, and a client none that has neither key nor value.
    if topic not in COMPACTED and value is not None:
        keys += [keys[0], keys[0], None, random.randbytes(30), b"", b"\xff" * 3_000]
    return Malformed(kind.name, topic, value, random.choice(keys), kind.reason)


def headers(random: Random) -> list[tuple[str, bytes]]:
    """Return headers as no service writes them; mostly none."""
    strange: list[list[tuple[str, bytes]]] = [
        [("traceparent", b"garbage")],
        [("traceparent", b"\xff\xfe"), ("traceparent", b"")],
        [("traceparent", b"00-" + b"f" * 32 + b"-" + b"f" * 16 + b"-zz"), ("tracestate", b"\x00")],
        [("", b""), ("\0", b"\0"), ("ä😀", b"\xff")],
        [(Name("Größe"), b"1"), ("plain", b"2"), (Name("ß"), b"")],
        [("__connect.errors.topic", b"other"), ("__connect.errors.offset", b"many"), ("a", b"kept")],
        [(f"h{number}", b"x" * 10) for number in range(2_000)],
    ]
    return random.choice(strange) if random.random() < 0.05 else []


def intrusions(document: str, text: str) -> Iterator[Malformed]:
    """Yield translations that are legal and must not change the document: of sentences and parts that it has not."""
    digest = revision(DocumentPart(text=text))
    common = base("translations", document, "Falsch.")
    key = document.encode()
    for name, changed in (
        ("an index behind the last sentence", {"index": 60_000, "revision": digest}),
        ("a translation of a part that nobody sent", {"part": 9_999_999}),
    ):
        yield Malformed(name, "translations", written(common | changed), key, None)
