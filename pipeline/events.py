"""The events that travel between the services, as JSON on the wire.

Evolution is additive: a field may be added with a default and never changes its meaning. A reader ignores fields it does
not know. `version` is left out of the wire while it is 1; a reader refuses a higher one than it knows (`EventError`).

Positions (`spans`) count Unicode code points of the part's text.
"""

import codecs
from collections.abc import Sequence
from itertools import pairwise
from typing import Annotated, Any, Literal, TypeVar

import msgspec
from msgspec import Meta, Struct

from pipeline import languages, metadata, terms
from pipeline.confidence import Calibration
from pipeline.errors import EventError, NewerVersionError
from pipeline.term_hits import missed

VERSION = 1

RESERVED = "satzstrom_"
"""Names that begin so belong to Satzstrom, in what senders write: a field that a later release adds to `DocumentPart` for
its own services has such a name, so that an earlier one never takes it for metadata."""

CURRENT = "current"
"""In place of a model: each sentence by the model that is in use when it is translated, whatever its document began with."""

PART_LIMIT = 64 * 1024
"""Size of a part in bytes of UTF-8; longer texts are cut (`pipeline.parts`). No sentence is longer than its part."""

_LANGUAGE = r"^[A-Za-z0-9_-]+(?!\n)$"
# No part has more: each takes a letter and a space.
_TERMS = PART_LIMIT // 2

ALTERNATIVES_LIMIT = 10
"""Other translations of a sentence that can be asked for: each makes the search wider."""

LATEST = 253_402_300_799_999
"""The last millisecond of the year 9999, after which no calendar of the libraries goes."""

DocumentId = Annotated[
    str,
    Meta(
        pattern=r"^[A-Za-z0-9][A-Za-z0-9._:-]{0,127}(?!\n)$",
        description="Chosen by the sender: letters, digits and . _ : - (at most 128).",
        examples=["kafka-verwandlung"],
    ),
]
Language = Annotated[
    str,
    Meta(
        min_length=2,
        max_length=35,
        pattern=_LANGUAGE,
        description="ISO 639-1 code.",
        examples=["de", "en"],
    ),
]
SourceLanguage = Annotated[
    str,
    Meta(
        min_length=2,
        max_length=35,
        pattern=_LANGUAGE,
        description="ISO 639-1 code, or `auto`: the text of each part tells it.",
        examples=["de", "auto"],
    ),
]
ModelName = Annotated[
    str,
    Meta(
        max_length=300,
        description="Name of a model, with its revision or without; `first+second` of two that work one after the other. "
        "`current`: whichever is in use when a sentence is translated.",
    ),
]
Pinned = Annotated[
    ModelName | None,
    Meta(
        description="The model in use when the document was taken in: all of it is translated by that, if it still runs."
    ),
]
Alternatives = Annotated[
    int,
    Meta(
        ge=0,
        le=ALTERNATIVES_LIMIT,
        description="How many other translations of each sentence to give, if there are any.",
    ),
]
Align = Annotated[
    bool, Meta(description="Whether to say which words of a translation were made from which of its source.")
]
Term = Annotated[str, Meta(max_length=terms.LONGEST)]
PartNumber = Annotated[int, Meta(ge=0, le=9_999_999, description="Counts the parts of a document from 0.")]
SentenceIndex = Annotated[int, Meta(ge=0, lt=PART_LIMIT, description="Counts the sentences of a part from 0.")]
PartText = Annotated[str, Meta(max_length=PART_LIMIT)]
Revision = Annotated[
    str,
    Meta(
        pattern=r"^[0-9a-f]{16}(?!\n)$",
        description="Digest of the part's text, languages and model: a translation belongs to one revision only.",
        examples=["9b2e4f60c1d7a358"],
    ),
]
HeadingPlaces = Annotated[
    list[Annotated[int, Meta(ge=0)]] | None,
    Meta(
        description="Where headings begin in the text, in code points, and their levels (1 is the highest), in turn, as the "
        "file says; absent where no file does: they are told by how they are written.",
        examples=[[0, 1, 2048, 2]],
    ),
]
Milliseconds = Annotated[int, Meta(ge=0, le=LATEST, description="Unix time in milliseconds.", examples=[1790000000000])]
Priority = Annotated[
    Literal["low", "normal", "high"],
    Meta(description="normal: the beginning of the document goes before other documents' later parts; "
         "low: all of it waits; high: none of it waits."),
]  # fmt: skip

Confidence = Annotated[
    int,
    Meta(
        ge=0,
        le=100,
        description="Agreement (chrF) with a person's translation that sentences like this one had on average: below 40 is "
        "low, 60 or more is high.",
        examples=[57],
    ),
]

Remembered = Literal["context", "exact", "numbers", "repeat"]
"""What a translation from memory is. Of a person: `context` (between the same sentences), `exact` (the same sentence),
`numbers` (the same but for its figures); `repeat`: what the same model made of the same sentence of another document."""

NO_MEMORY = "-"
"""In place of the id of a key: no memory is used, and nothing is remembered."""

MEMORY = "memory"
"""In place of the model of a translation that a person made."""

Stated = Literal["all", "punctuation", "none"]
"""What ends a sentence: what the text and its layout say; punctuation and blank lines; blank lines alone."""
Splitting = Stated | Literal["segments"]
"""`segments` besides: in texts of a file, with blank lines between them and each read for itself, their punctuation."""

Urgent = Annotated[
    Annotated[int, Meta(ge=0)] | None,
    Meta(
        description="With priority high: so many characters of the document's beginning go before others; absent: all of it."
    ),
]


class Event(Struct, kw_only=True, omit_defaults=True, frozen=True):
    """What all events share."""

    version: Annotated[int, Meta(ge=1, description="Version of the event; absent means 1.")] = VERSION


class DocumentPart(Event, kw_only=True, frozen=True):
    """A document, or one part of a long one, as a sender submits it.

    `{"text": "…"}` is a whole document. Parts are independent of each other: they may arrive in any order, and any number
    of times.
    """

    text: Annotated[str, Meta(description="The text, kept as it is to the last byte.", examples=["Guten Tag."])]
    id: Annotated[
        DocumentId | None,
        Meta(description="Absent: made from topic, partition, offset and time of the record."),
    ] = None
    part: PartNumber = 0
    last: Annotated[bool, Meta(description="Whether this is the last part of the document.")] = True
    source: SourceLanguage = "de"
    target: Language = "en"
    model: Annotated[ModelName | None, Meta(description="Absent: the default model of the pair.")] = None
    metadata: Annotated[dict[str, Any], Meta(description="Kept with the document and given back.")] = {}
    priority: Priority = "normal"
    urgent: Urgent = None
    candidates: Annotated[
        list[Language],
        Meta(
            max_length=500, description="With `auto`: languages to choose from where a text is too short to be certain."
        ),
    ] = []
    terms: Annotated[
        dict[Term, Term],
        Meta(max_length=_TERMS, description="Terms of a glossary and what is to stand in their place."),
    ] = {}
    alternatives: Alternatives = 0
    align: Align = False
    splitting: Stated = msgspec.field(default="all", name=f"{RESERVED}splitting")
    segments: Annotated[
        bool,
        Meta(
            description="Whether the text is made of texts of a file, with blank lines between them. Beside `splitting`, so "
            "that an earlier release splits them nearly so, in place of refusing the part."
        ),
    ] = msgspec.field(default=False, name=f"{RESERVED}segments")
    pins: Annotated[
        dict[Language, ModelName],
        Meta(max_length=500, description="By source language: the models in use when the document was taken in."),
    ] = msgspec.field(default_factory=dict, name=f"{RESERVED}pins")
    memory: Annotated[
        Annotated[str, Meta(max_length=128)] | None,
        Meta(description="Id of the key whose translation memory is used; absent: that of nobody; `-`: none."),
    ] = msgspec.field(default=None, name=f"{RESERVED}memory")
    headings: HeadingPlaces = msgspec.field(default=None, name=f"{RESERVED}headings")

    def __post_init__(self) -> None:
        """Raise `InputError` for more terms than records can carry."""
        terms.check_size(self.terms)


class SegmentedPart(Event, kw_only=True, frozen=True):
    """What the segmenter made of a part: its text and where the sentences stand in it.

    Everything outside the spans (white space, list markers, rules) is copied to the translation as it is.
    """

    document: DocumentId
    part: PartNumber
    last: bool
    revision: Revision
    text: PartText
    spans: Annotated[
        list[int],
        Meta(description="Start and end of each sentence, in turn, in code points.", examples=[[0, 10, 11, 25]]),
    ]
    source: SourceLanguage
    target: Language
    model: ModelName | None = None
    metadata: dict[str, Any] = {}
    created: Milliseconds = 0
    detected: Annotated[Language | None, Meta(description="Language of the text, where `source` is `auto`.")] = None
    # With these, all of its sentences can be made again from a part.
    priority: Priority = "normal"
    urgent: Urgent = None
    terms: Annotated[
        dict[Term, Term], Meta(max_length=_TERMS, description="Terms of a glossary that stand in its sentences.")
    ] = {}
    alternatives: Alternatives = 0
    align: Align = False
    pinned: Pinned = None
    headings: HeadingPlaces = None

    @property
    def exact_model(self) -> str | None:
        """The model and revision that is to translate its sentences; None where that is only told when it is done."""
        model = self.pinned or self.model
        return model if model is not None and "@" in model else None

    def __post_init__(self) -> None:
        """Raise `ValueError` for spans that are not in the text, `InputError` for impossible metadata or terms."""
        _check_spans(self.spans, len(self.text))
        metadata.check(self.metadata)
        terms.check(self.terms)


class Sentence(Event, kw_only=True, frozen=True):
    """One sentence to be translated."""

    document: DocumentId
    part: PartNumber
    index: SentenceIndex
    revision: Revision
    text: PartText
    source: Language
    target: Language
    model: ModelName | None = None
    detected: Annotated[bool, Meta(description="Whether `source` was told by the text and not by the sender.")] = False
    terms: Annotated[
        dict[Term, Term], Meta(max_length=_TERMS, description="Those of the part that stand in the sentence.")
    ] = {}
    alternatives: Alternatives = 0
    align: Align = False
    pinned: Pinned = None

    @property
    def wanted(self) -> str | None:
        """The model that is to translate it; None: any of its pair."""
        return self.pinned or self.model

    def __post_init__(self) -> None:
        """Raise `InputError` for terms that no text can have."""
        if self.terms:
            terms.check(self.terms)

    def translated(self, text: str, model: str, **more: Any) -> "Translation":
        """Return its translation; `more`: what else is known of that."""
        return Translation(
            document=self.document,
            part=self.part,
            index=self.index,
            revision=self.revision,
            text=text,
            source=self.source,
            target=self.target,
            model=model,
            missed=missed(self.terms, self.text, text),
            **more,
        )


class Translation(Event, kw_only=True, frozen=True):
    """The translation of one sentence."""

    document: DocumentId
    part: PartNumber
    index: SentenceIndex
    revision: Revision
    text: Annotated[str, Meta(description="The translation; the source itself where `failed` is true.")]
    source: Language
    target: Language
    model: Annotated[ModelName, Meta(description="Model and revision that made it.", examples=["de-en-tiny@1"])]
    flags: Annotated[
        list[str],
        Meta(
            description="What was done to it: `split` (too long for the model), `model` (made by another model than the "
            "one that was asked for, which no translator runs any more), `unaligned` (`align` was asked for and the engine "
            "cannot tell: markup in it is placed in proportion), `pivot` (by way of English: no model translates directly)."
        ),
    ] = []
    suspect: Annotated[list[str], Meta(description="Reasons why a reader should check it.")] = []
    failed: Annotated[bool, Meta(description="No translation could be made.")] = False
    confidence: Annotated[
        Confidence | None,
        Meta(
            description="How far it can be relied on; absent where nothing was translated, or the engine does not tell how "
            "sure it was."
        ),
    ] = None
    alternatives: Annotated[
        list[str], Meta(max_length=ALTERNATIVES_LIMIT, description="Other translations, the best first, if asked for.")
    ] = []
    alignment: Annotated[
        list[Annotated[int, Meta(ge=0)]],
        Meta(
            description="If `align` asked for it: which words of `text` were made from which of its source. Five numbers a "
            "pair: start and end in the source, start and end in `text`, in code points, and how much of the word was made "
            "from the other, in percent.",
            examples=[[0, 5, 0, 4, 93, 6, 9, 5, 8, 88]],
        ),
    ] = []
    memory: Annotated[
        Remembered | None,
        Meta(
            description="How it was found in the translation memory; absent: a model made it for this document. `context`, "
            "`exact`, `numbers`: a person made it (`model` is `memory` then), for the same sentence between the same "
            "others, for the same sentence, for one with other figures; `repeat`: `model` made it for the same sentence of "
            "another document."
        ),
    ] = None
    missed: Annotated[int, Meta(ge=0, description="Terms of the glossary in its source that `text` does not have.")] = 0
    queued_ms: Annotated[float, Meta(description="Time between the sentence's event and its batch.")] = 0.0
    engine_ms: Annotated[float, Meta(description="Time in the engine, of the batch it was in.")] = 0.0


class OfferedModel(Struct, kw_only=True, frozen=True):
    """A model that a translator runs."""

    id: Annotated[str, Meta(examples=["de-en-tiny@1"])]
    source: Language
    target: Language
    preferred: Annotated[bool, Meta(description="Whether it is in use: what asks for no model gets this one.")] = False
    calibration: Annotated[
        Calibration | None,
        Meta(description="What its log-probabilities are worth; absent: confidence is by the general calibration."),
    ] = None


class RefusedModel(Struct, kw_only=True, frozen=True):
    """A model that a translator was to use and does not: what was in use before goes on."""

    id: Annotated[str, Meta(examples=["de-en-tiny@2"])]
    reason: Annotated[str, Meta(examples=["it leaves 7 of 20 sentences as they were"])]
    at: Milliseconds


TextGoes = Literal["machine", "network", "outside"]
"""How far texts go to be translated: they stay on the translator's machine or in its network, or leave both."""

FARTHEST_FIRST: tuple[TextGoes, ...] = ("outside", "network", "machine")


class TranslatorStatus(Event, kw_only=True, frozen=True):
    """What a translator says of itself, at its start and every few seconds."""

    id: str
    engine: str
    device: str
    state: Literal["warming", "ready", "stopping"]
    models: list[OfferedModel]
    any_pair: Annotated[bool, Meta(description="Takes every pair of languages (the identity engine of the tests).")] = (
        False
    )
    partitions: Annotated[
        dict[str, list[int]],
        Meta(description="Topics of sentences that it reads, and which of their partitions are its own at the moment."),
    ] = {}
    text_goes: Annotated[
        TextGoes,
        Meta(
            description="How far texts go to be translated: `machine`, the translator's own; `network`, a server with an "
            "address of a network of one's own; `outside`, one on the internet."
        ),
    ] = "machine"
    waits: Annotated[
        bool, Meta(description="The server of its model does not answer; sentences wait. Its state is `warming` then.")
    ] = False
    at: Annotated[Milliseconds, Meta(description="By its own clock, for people; others go by the time of the record.")]
    refused: Annotated[list[RefusedModel], Meta(description="Models that did not load, or failed a trial.")] = []


class Control(Event, kw_only=True, frozen=True):
    """Says to all services that a document is cancelled, or with which models it began, or that there may be new models."""

    document: Annotated[DocumentId | None, Meta(description="Absent with `reload`, which is about none.")] = None
    action: Annotated[
        Literal["cancel", "begin", "reload"],
        Meta(
            description="cancel: stop working on the document; what is translated of it stays. begin: a document of several "
            "records began with the models in `pins`; the first word on it counts. reload: translators look for new models."
        ),
    ]
    pins: Annotated[
        dict[Language, ModelName],
        Meta(max_length=500, description="With `begin`: the models by source language."),
    ] = {}

    def __post_init__(self) -> None:
        """Raise `ValueError` if it does not say which document it is about."""
        if self.document is None and self.action != "reload":
            raise ValueError(f"missing required field `document`, which {self.action} needs")


class Counts(Struct, kw_only=True, frozen=True):
    """Sentences of a document."""

    total: int
    translated: int
    suspect: int = 0
    failed: int = 0
    remembered: Annotated[int, Meta(description="Those whose translation comes from memory.")] = 0
    missed: Annotated[int, Meta(description="Those whose translation lacks a term of the glossary.")] = 0


class DocumentCompleted(Event, kw_only=True, frozen=True):
    """A document has come to its end; its text can be read from the API from now on.

    Sent at least once; its CloudEvents id is the same each time.
    """

    document: DocumentId
    state: Literal["done", "cancelled"]
    source: Language
    target: Language
    model: Annotated[str | None, Meta(description="Model that made the translations.")] = None
    characters: Annotated[int, Meta(description="Of the source.")]
    sentences: Counts
    created: Milliseconds
    finished: Milliseconds
    metadata: dict[str, Any] = {}


class _Versioned(Struct):
    version: int = VERSION


E = TypeVar("E", bound=Event)
_encoder = msgspec.json.Encoder()
_decoders: dict[type[Event], msgspec.json.Decoder[Any]] = {
    kind: msgspec.json.Decoder(kind)
    for kind in (DocumentPart, SegmentedPart, Sentence, Translation, TranslatorStatus, Control, DocumentCompleted)
}
# By their names in JSON: what belongs to Satzstrom has another one there, which senders may use for their own.
_FIELDS = frozenset(DocumentPart.__struct_encode_fields__)
_OPTIONAL = _FIELDS - {"text"}
_any: msgspec.json.Decoder[Any] = msgspec.json.Decoder()
_raw_members = msgspec.json.Decoder(dict[str, msgspec.Raw])


def _check_spans(spans: Sequence[int], characters: int) -> None:
    """Raise `ValueError` unless the spans are pairs in ascending order, none empty, within so many characters."""
    if len(spans) % 2:
        raise ValueError(f"spans has {len(spans)} places; each sentence has two")
    if not spans:
        return
    if spans[0] < 0 or spans[-1] > characters:
        raise ValueError(f"spans reach from {spans[0]} to {spans[-1]}; the text has {characters} characters")
    for number, (place, following) in enumerate(pairwise(spans)):
        # A sentence has a start before its end; the next one may begin where it ends.
        if place > following or (place == following and number % 2 == 0):
            raise ValueError(f"spans do not ascend: {following} follows {place}")


def _read(decoder: msgspec.json.Decoder[Any], kind: type[Event], value: bytes) -> Any:
    try:
        return decoder.decode(value)
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        if (version := _version(value)) > VERSION:
            raise NewerVersionError(kind.__name__, version, VERSION) from None
        raise EventError(f"not a {kind.__name__}: {error}") from None
    except RecursionError:
        raise EventError(f"not a {kind.__name__}: the JSON is nested too deeply") from None


def _version(value: bytes) -> int:
    """Return the version of an event that may be unlike all that are known here; 0 if it does not say one."""
    try:
        return msgspec.json.decode(value, type=_Versioned).version
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return 0


def encode(event: Event) -> bytes:
    """Write `event` as one line of JSON."""
    return _encoder.encode(event)


def decode(kind: type[E], value: bytes | None) -> E:
    """Read one record's value as an event of `kind`.

    Raises `EventError` with the reason and the place (`$.text`) in the JSON; `NewerVersionError` for one of a version that
    this release does not know, whatever else is in it.
    """
    if not value:
        raise EventError(f"empty record; expected the JSON of a {kind.__name__}")
    event: E = _read(_decoders[kind], kind, value)
    if event.version > VERSION:
        raise NewerVersionError(kind.__name__, event.version, VERSION)
    return event


def decode_document(value: bytes | None) -> DocumentPart:
    """Read a `DocumentPart` as senders write it; fields it does not know are kept in its metadata, so nothing is lost.

    A byte order mark may stand before it, null for what is left out, and languages may have capitals.

    Fields whose names begin with `RESERVED` are not the sender's: a newer release wrote them, and they are left out.

    Raises `EventError`, also for a newer version: anybody may send one, and nobody may make the service wait.
    """
    value = (value or b"").removeprefix(codecs.BOM_UTF8)
    try:
        event = decode(DocumentPart, value)
    except NewerVersionError as error:
        raise EventError(str(error)) from None
    except EventError:
        if (without := _without_nulls(value)) is None:
            raise
        event = decode(DocumentPart, without)
    raw: dict[str, Any] = _read(_any, DocumentPart, value)
    unknown = {name: raw[name] for name in raw.keys() - _FIELDS if not name.startswith(RESERVED)}
    return msgspec.structs.replace(
        event,
        source=languages.normal(event.source),
        target=languages.normal(event.target),
        metadata=unknown | event.metadata,
    )


def _without_nulls(value: bytes) -> bytes | None:
    """Return the JSON of an object without its optional members that are null; None if there are none."""
    try:
        raw = _raw_members.decode(value)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return None
    left_out = {name for name in raw if name in _OPTIONAL and bytes(raw[name]) == b"null"}
    return _encoder.encode({name: raw[name] for name in raw if name not in left_out}) if left_out else None
