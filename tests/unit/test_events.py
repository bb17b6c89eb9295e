"""Reading and writing events."""

import json

import pytest

from pipeline import languages, metadata
from pipeline.errors import EventError, InputError, LanguageError
from pipeline.events import DocumentPart, Sentence, decode, decode_document, encode
from pipeline.examples import EXAMPLES


def test_one_field_is_a_document() -> None:
    event = decode_document(b'{"text": "Guten Tag."}')
    assert event == DocumentPart(text="Guten Tag.")
    assert (event.part, event.last, event.source, event.target) == (0, True, "de", "en")


@pytest.mark.parametrize(
    ("value", "reason"),
    [
        (None, "empty record"),
        (b"", "empty record"),
        (b"Guten Tag.", "malformed"),
        (b'{"text": "Guten', "truncated"),
        (b"[]", "Expected `object`"),
        (b'"text"', "Expected `object`"),
        (b"{}", "missing required field `text`"),
        (b'{"text": 1}', r"\$\.text"),
        (b'{"text": null}', r"\$\.text"),
        (b'{"text": "x", "id": ""}', r"\$\.id"),
        (b'{"text": "x", "id": "a b"}', r"\$\.id"),
        (b'{"text": "x", "id": "a\\n"}', r"\$\.id"),
        (b'{"text": "x", "id": "a\\u0000"}', r"\$\.id"),
        (b'{"text": "x", "part": -1}', r"\$\.part"),
        (b'{"text": "x", "part": 1.5}', r"\$\.part"),
        (b'{"text": "x", "last": "yes"}', r"\$\.last"),
        (b'{"text": "x", "metadata": []}', r"\$\.metadata"),
        (b'{"text": "x", "priority": "urgent"}', r"\$\.priority"),
        (b'{"text": "\xff"}', "utf-8"),
        (b'{"text": "\\ud800"}', "DocumentPart"),
        (b'{"text": "x", "version": 2}', "newer than this release"),
        (b'{"text": "x", "unknown": "\xff"}', "utf-8"),
        (b'{"text": "x", "unknown": ' + b"[" * 5000, "nested too deeply"),
    ],
)
def test_what_cannot_be_read_is_said(value: bytes | None, reason: str) -> None:
    with pytest.raises(EventError, match=reason):
        decode_document(value)


def test_unknown_fields_are_kept_as_metadata() -> None:
    event = decode_document(b'{"text": "x", "author": "Kafka", "metadata": {"year": 1915}}')
    assert event.metadata == {"author": "Kafka", "year": 1915}


@pytest.mark.parametrize("event", [event for events in EXAMPLES.values() for event in events])
def test_events_survive_the_wire(event: DocumentPart) -> None:
    assert decode(type(event), encode(event)) == event
    wider = json.dumps(json.loads(encode(event)) | {"of_a_later_release": [1]}).encode()
    assert decode(type(event), wider) == event, "fields of a later release are ignored"


def test_a_nul_character_is_text() -> None:
    event = Sentence(document="d", part=0, index=0, revision="0" * 16, text="a\0b", source="de", target="en")
    assert decode(Sentence, encode(event)).text == "a\0b"


@pytest.mark.parametrize("code", ["de", "en", "nds", "zh-Hans", "pt-BR"])
def test_languages(code: str) -> None:
    assert languages.check(code) == code


@pytest.mark.parametrize(
    ("written", "code"),
    [
        ("DE", "de"),
        ("de_AT", "de-AT"),
        ("En-us", "en-US"),
        ("ZH_hant_tw", "zh-Hant-TW"),
        ("ES-419", "es-419"),
        (" de ", "de"),
    ],
)
def test_languages_as_people_write_them(written: str, code: str) -> None:
    assert languages.check(written) == code
    assert languages.check(code) == code
    event = decode_document(json.dumps({"text": "x", "source": written.strip(), "target": written.strip()}).encode())
    assert (event.source, event.target) == (code, code)


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [
        ("en", "en-US", True),
        ("en-GB", "en-US", True),
        ("es-419", "es", True),
        ("zh-Hans", "zh-Hant", False),
        ("zh-TW", "zh-CN", False),
        ("zh-TW", "zh-Hant", True),
        ("sr", "sr-Cyrl-RS", True),
        ("ca", "ca-valencia", False),
        ("de", "en", False),
    ],
)
def test_the_same_language_elsewhere(one: str, other: str, *, expected: bool) -> None:
    assert languages.alike(one, other) is languages.alike(other, one) is expected


def test_what_a_sender_leaves_out_may_be_null_on_kafka() -> None:
    nulls = dict.fromkeys(set(DocumentPart.__struct_encode_fields__) - {"text"}) | {"text": "x", "author": None}
    assert decode_document(json.dumps(nulls).encode()) == DocumentPart(text="x", metadata={"author": None})
    assert decode_document('\ufeff{"text": "\ufeffx"}'.encode()) == DocumentPart(text="\ufeffx")
    for value in ({"text": None, "part": None}, {"text": "x", "id": None, "part": "0"}):
        with pytest.raises(EventError, match=r"text|part"):
            decode_document(json.dumps(value).encode())


@pytest.mark.parametrize("code", ["", "d", "xx", "german", "XX", "de_", "de-", "de\n", "de-\0", "D E"])
def test_unknown_languages(code: str) -> None:
    with pytest.raises(LanguageError, match="ISO 639-1"):
        languages.check(code)


@pytest.mark.parametrize(
    ("wanted", "nearest_first"),
    [
        ("de-AT", ["de-AT", "de", "de-CH"]),
        ("pt", ["pt", "pt-BR"]),
        ("pt-PT", ["pt-PT", "pt", "pt-BR"]),
        ("zh", ["zh", "zh-Hans"]),
        ("zh-CN", ["zh-CN", "zh", "zh-Hans"]),
        ("zh-Hant-TW", ["zh-Hant-TW", "zh-Hant", "zh-TW"]),
        ("zh-HK", ["zh-HK", "zh-Hant"]),
        ("sr-Latn", ["sr-Latn", "sr-ME"]),
        ("sr", ["sr", "sr-Cyrl"]),
        ("uz-Latn-UZ", ["uz-Latn", "uz"]),
        ("es-419", ["es", "es-MX"]),
        ("ca-valencia", ["ca"]),
        ("en", ["en", "en-Latn"]),
    ],
)
def test_a_model_for_the_same_language_and_script_will_do(wanted: str, nearest_first: list[str]) -> None:
    distances = [languages.distance(offered, wanted) for offered in nearest_first]
    assert None not in distances
    assert distances == sorted(set(distances), key=lambda one: one or 0)
    assert all(languages.same(offered, wanted) for offered in nearest_first)


@pytest.mark.parametrize(
    ("offered", "wanted"),
    [
        ("de", "den"), ("de", "en"), ("zh", "zh-Hant"), ("zh", "zh-TW"), ("zh-Hant", "zh"), ("zh-TW", "zh-Hans"),
        ("sr", "sr-Latn"), ("sr-Latn", "sr"), ("sr-Latn", "sr-RS"), ("sr", "sr-ME"), ("pa", "pa-PK"), ("pa-Arab", "pa"),
        ("uz", "uz-Cyrl"), ("ru", "ru-Latn"), ("kk-Arab", "kk"), ("de", "de-Cyrl"), ("cmn-Hant", "cmn"),
    ],
)  # fmt: skip
def test_another_script_is_never_taken_for_the_same(offered: str, wanted: str) -> None:
    assert languages.distance(offered, wanted) is None
    assert not languages.same(offered, wanted)


@pytest.mark.parametrize(
    ("value", "reason"),
    [
        ({"a": "x" * 20_000}, "20008 bytes"),
        ({"a\0": 1}, "NUL"),
        ({"a": [{"b\0": 1}]}, "NUL"),
        ({"a": 2**63}, "64 bits"),
        ({"a": [float("nan")]}, "JSON cannot write"),
        ({"a": float("-inf")}, "JSON cannot write"),
    ],
)
def test_metadata_that_cannot_be_kept(value: dict[str, object], reason: str) -> None:
    with pytest.raises(InputError, match=reason):
        metadata.check(value)


def test_metadata_nested_too_deeply() -> None:
    value: dict[str, object] = {}
    for _ in range(30):
        value = {"in": value}
    with pytest.raises(InputError, match="nested"):
        metadata.check(value)
