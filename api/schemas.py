"""What the API takes and gives, as JSON."""

from collections.abc import Sequence
from datetime import datetime
from typing import Annotated, Any, Literal, NamedTuple, Self

from pydantic import BaseModel, ConfigDict, Field

from api.problems import BATCH_ID_PATTERN, ID_PATTERN
from api.progress import estimated, eta, progress, stalled_since, summary
from pipeline.confidence import Level, level, reason
from pipeline.events import Remembered
from pipeline.roster import pivot_of
from store.counting import Counts
from store.documents.history import State
from store.documents.reading import Document
from store.layout import Kind
from store.parts import StoredPart, StoredSentence

TEXT_EXAMPLE = {"schema": {"type": "string"}, "example": "Guten Tag. Wie geht es Ihnen?"}
"""What OpenAPI says of a text."""

DocumentId = Annotated[
    str,
    Field(
        pattern=ID_PATTERN,
        description="Letters, digits and . _ : - (at most 128).",
        examples=["kafka-verwandlung"],
    ),
]
BatchId = Annotated[
    str,
    Field(
        pattern=BATCH_ID_PATTERN,
        description="Letters, digits and . _ : - (at most 120); its documents are called <batch>.0, <batch>.1 and so on.",
        examples=["letters-of-may"],
    ),
]
Metadata = Annotated[
    dict[str, Any],
    Field(
        description="Kept with the document and given back; at most 16 KiB.",
        examples=[{"author": "Franz Kafka"}],
    ),
]


class Callback(BaseModel):
    """What came of telling a document's sender that it has come to its end."""

    url: str
    attempts: int
    delivered: datetime | None
    error: str | None = Field(description="Of the last attempt.")
    due: datetime | None = Field(description="When the next attempt is made; null if there is none.")


class Accepted(BaseModel):
    """A document was taken; everything of it is safe in Kafka."""

    id: str = Field(examples=["kafka-verwandlung"])
    state: State = Field(examples=["translating"])
    url: str = Field(description="Where its status is.", examples=["/v1/documents/kafka-verwandlung"])


class LevelCounts(BaseModel):
    """Translations by how far they can be relied on."""

    high: int = Field(examples=[180])
    medium: int = Field(examples=[370])
    low: int = Field(examples=[90])


class SentenceCounts(BaseModel):
    """Sentences of a document."""

    total: int = Field(description="Known so far.", examples=[893])
    translated: int = Field(examples=[640])
    suspect: int = Field(description="Translated, but worth checking.", examples=[7])
    failed: int = Field(description="Kept as their source, because no translation could be made.", examples=[0])
    corrected: int = Field(0, description="With a text that a person gave.", examples=[3])
    approved: int = Field(0, description="Approved by a person.", examples=[12])
    remembered: int = Field(description="Translations that come from the translation memory.", examples=[120])
    confidence: LevelCounts = Field(
        description="Of those that say how far they can be relied on: what needed no translation does not, nor what an "
        "older release made, or an engine that does not tell how sure it was."
    )

    @classmethod
    def of(cls, counts: Counts | StoredPart) -> "SentenceCounts":
        """Describe counts."""
        return cls(
            total=counts.total,
            translated=counts.translated,
            suspect=counts.suspect,
            failed=counts.failed,
            corrected=counts.corrected,
            approved=counts.approved,
            remembered=counts.remembered,
            confidence=LevelCounts(high=counts.high, medium=counts.medium, low=counts.low),
        )

    @classmethod
    def sum_of(cls, several: Sequence["SentenceCounts"]) -> "SentenceCounts":
        """Add counts up."""
        return cls(
            total=sum(one.total for one in several),
            translated=sum(one.translated for one in several),
            suspect=sum(one.suspect for one in several),
            failed=sum(one.failed for one in several),
            corrected=sum(one.corrected for one in several),
            approved=sum(one.approved for one in several),
            remembered=sum(one.remembered for one in several),
            confidence=LevelCounts(
                high=sum(one.confidence.high for one in several),
                medium=sum(one.confidence.medium for one in several),
                low=sum(one.confidence.low for one in several),
            ),
        )


class NamedGlossary(BaseModel):
    """A glossary as it was called when a document was submitted with it."""

    id: str
    name: str = Field(examples=["contracts"])


class Status(BaseModel):
    """A document as it stands now."""

    id: str = Field(examples=["kafka-verwandlung"])
    name: str = Field(
        description="What people call it: its title (in the metadata, or given by PATCH), else its file's name, else the "
        "first words of its text, else its id.",
        examples=["Die Verwandlung"],
    )
    summary: str = Field(
        description="State, counts and what there is to do, in words.",
        examples=["Translating: 640 of 893 sentences are translated."],
    )
    batch: str | None = Field(description="The batch that it was sent with.", examples=[None])
    state: State = Field(
        description="receiving: parts are still coming. translating: all parts are there. done. "
        "incomplete: the upload broke off; what came is translated. cancelled: what was translated until then is there.",
        examples=["translating"],
    )
    reason: str | None = Field(description="Why the upload broke off.", examples=[None])
    stalled_since: datetime | None = Field(
        description="While it is `receiving`: since when nothing has come, once that is long enough to say that the upload "
        "broke off. Send the same text again under its id to go on; after ten minutes it becomes incomplete."
    )
    source: str = Field(description="As it was submitted: a language, or `auto`.", examples=["de"])
    detected: str | None = Field(description="With `auto`: the language of the beginning, once it is known.")
    target: str = Field(examples=["en"])
    model: str | None = Field(description="Model and revision.", examples=["de-en-tiny@1"])
    pivot: str | None = Field(
        description="Language by way of which it is translated, because no model does it directly: `model` names both then."
    )
    encoding: str | None = Field(
        description="What its bytes were read as; null where they were JSON or came over Kafka.", examples=["utf-8"]
    )
    format: str | None = Field(
        description="Kind of file that it came in; null where it was JSON or came over Kafka.", examples=["docx"]
    )
    read: int | None = Field(
        description="Of files that are no texts: paragraphs, cells, cues and so on read so far.", examples=[214]
    )
    left: dict[str, int] = Field(
        description="What was left alone in the file, and how often: hidden text, formulas, tracked deletions.",
        examples=[{"hidden text": 3}],
    )
    warnings: list[str] = Field(
        description="What the sender should know of the file.",
        examples=[["the signature of the file is no longer valid and was removed"]],
    )
    characters: int = Field(description="Characters of the source known so far.", examples=[121653])
    sentences: SentenceCounts
    estimated: int | None = Field(
        description="About how many sentences it will have: while it arrives, reckoned from the length that its sender "
        "said; of files that are no texts, from what was read so far. null while nothing says it.",
        examples=[893],
    )
    progress: float = Field(
        ge=0,
        le=1,
        description="Of the sentences that it will have; 1 only when the document is done. While nothing says how long it "
        "will be, as much is taken to come as is there.",
        examples=[0.717],
    )
    edits: int = Field(0, description="How often people have changed something of its translation.", examples=[12])
    eta_seconds: float | None = Field(
        description="By how fast it was translated in the last 20 seconds or so, rounded; null in the first seconds, and "
        "while it cannot be told.",
        examples=[25.0],
    )
    created: datetime
    finished: datetime | None
    callback: Callback | None = Field(description="null if none was asked for.")
    glossary: NamedGlossary | None = Field(None, description="The glossary that it is translated with.")
    metadata: Metadata

    @classmethod
    def of(cls, document: Document, now: datetime) -> "Status":
        """Describe a document."""
        counts, file = document.counts, document.internal.get("file", {})
        return cls(
            id=document.id,
            name=document.name,
            summary=summary(document, now),
            batch=document.internal.get("batch"),
            state=document.state,
            reason=document.reason,
            stalled_since=stalled_since(document, now),
            source=document.source,
            detected=document.detected,
            target=document.target,
            model=document.model,
            pivot=pivot_of(document.model),
            encoding=file.get("encoding") or document.internal.get("encoding"),
            format=document.internal.get("format"),
            read=file.get("read"),
            left=dict(file.get("left", ())),
            warnings=file.get("warnings", []),
            characters=counts.characters,
            sentences=SentenceCounts.of(counts),
            edits=document.edits,
            estimated=estimated(document),
            progress=progress(document),
            eta_seconds=eta(document, now),
            created=document.created,
            finished=document.finished,
            callback=_callback(document),
            glossary=document.internal.get("glossary"),
            metadata=document.metadata,
        )


def _callback(document: Document) -> Callback | None:
    known = document.callback
    if known is None:
        return None
    # Until the document has come to its end nothing is due.
    due = known.get("due") if document.finished else None
    return Callback(
        url=known["url"],
        attempts=known["attempts"],
        delivered=known.get("delivered"),
        error=known.get("error"),
        due=due,
    )


class StatusPage(BaseModel):
    """Documents, newest first unless asked otherwise."""

    items: list[Status]
    next: str | None = Field(description="Give it as `after` for the next page; null on the last one.")


class Judgement(NamedTuple):
    """How far a translation can be relied on, its level and why; nothing of all where that is not known."""

    confidence: int | None
    level: Level | None
    reason: str | None

    @classmethod
    def of(cls, confidence: int | None, suspect: Sequence[str], translation: str | None) -> "Judgement":
        """Say a confidence in words too."""
        if confidence is None or translation is None:
            return cls(None, None, None)
        return cls(confidence, level(confidence), reason(confidence, suspect, len(translation)))


class SentenceLayout(BaseModel):
    """How a sentence stands in its text; its translation stands there alike."""

    model_config = ConfigDict(from_attributes=True)

    paragraph: int = Field(
        description="Index of the sentence in its part with which its paragraph begins. Paragraphs end with their part, "
        "and have at most 100 sentences."
    )
    kind: Kind = Field(description="What the paragraph is. lines: each line stands for itself, as in verse and lists.")
    line: bool = Field(description="Whether the sentence begins a line within its paragraph.")
    above: str = Field(description="What stands on lines of its own before it and is not translated, such as a rule.")
    before: str = Field(
        description="What stands on its line before it and is not translated, such as the mark of a list."
    )
    level: int = Field(description="Of headings, from 1; else 0.")


class SentenceTerm(BaseModel):
    """A term of a glossary that stands in a sentence."""

    source: str = Field(description="As it stands there.", examples=["Verträgen"])
    target: str = Field(description="What is to stand in its place.", examples=["contract"])
    kept: bool | None = Field(description="Whether the translation has it; null while there is none.")


class Sentence(BaseModel):
    """A sentence and its translation."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "position": "0.3",
                    "source": "Guten Tag.",
                    "translation": "Hello.",
                    "span": [0, 10],
                    "flags": [],
                    "suspect": [],
                    "failed": False,
                    "confidence": 72,
                    "level": "high",
                    "reason": "the model was sure of its words",
                    "layout": {"paragraph": 2, "kind": "prose", "line": False, "above": "", "before": "", "level": 0},
                    "alternatives": [],
                    "machine": None,
                    "corrected": False,
                    "approved": False,
                    "comment": None,
                    "changed_by": None,
                    "changed_at": None,
                    "version": 0,
                    "memory": None,
                }
            ]
        }
    )

    position: str = Field(description="Part and index; give it as `after` to go on behind this sentence.")
    source: str
    translation: str | None = Field(description="null while it is not there.")
    span: tuple[int, int] = Field(description="Where it stands in the source, in Unicode code points.")
    flags: list[str] = Field(
        description="What was done to it: `split` (too long for the model), `pivot` (by way of English)."
    )
    suspect: list[str] = Field(description="Why it is worth checking.")
    failed: bool
    confidence: int | None = Field(
        ge=0,
        le=100,
        description="How far the translation can be relied on: the agreement (chrF) with a person's translation that "
        "sentences like this one had on average; null where that is not known.",
    )
    level: Level | None = Field(description="low below 40, high from 60 on.")
    reason: str | None = Field(description="Why it has its confidence.")
    layout: SentenceLayout
    alternatives: list[str] = Field(
        [], description="Other translations, the best first, if the document asked for them."
    )
    terms: list[SentenceTerm] = Field([], description="Terms of the document's glossary that stand in it.")
    machine: str | None = Field(None, description="The machine's translation, where a person has given another.")
    corrected: bool = Field(False, description="Whether a person has given its translation.")
    approved: bool = False
    comment: str | None = Field(None, description="What a person said of it.")
    changed_by: str | None = Field(
        None, description="Name (else id) of the key with which it was changed last; null where there are no keys."
    )
    changed_at: datetime | None = Field(None, description="When a person changed it last; null: never.")
    version: int = Field(0, description="How often people have changed it; in quotation marks it is the ETag.")
    memory: Remembered | None = Field(
        description="How the translation was found in the translation memory: `context`, made by a person for the same "
        "sentence between the same others; `exact`, for the same sentence; `numbers`, for one with other figures; `repeat`, "
        "made by the same model for the same sentence of another document. null where a model made it for this document."
    )

    @classmethod
    def of(cls, sentence: StoredSentence) -> Self:
        """Describe a sentence."""
        judged = Judgement.of(sentence.confidence, sentence.suspect, sentence.translation)
        return cls(
            position=f"{sentence.part}.{sentence.index}",
            source=sentence.source,
            translation=sentence.translation,
            span=sentence.span,
            flags=sentence.flags,
            suspect=sentence.suspect,
            failed=sentence.failed,
            layout=SentenceLayout.model_validate(sentence.layout),
            alternatives=list(sentence.alternatives),
            memory=sentence.memory,
            terms=[SentenceTerm(**term._asdict()) for term in sentence.terms],
            **judged._asdict(),
            **changed(sentence),
        )


def changed(sentence: StoredSentence) -> dict[str, Any]:
    """Return the fields that say what people did to a sentence."""
    change = sentence.change
    return {
        "machine": sentence.machine,
        "corrected": change is not None and change.text is not None,
        "approved": change is not None and change.approved,
        "comment": change.comment if change else None,
        "changed_by": change.by if change else None,
        "changed_at": change.at if change else None,
        "version": change.version if change else 0,
    }


class Part(BaseModel):
    """A part of a document that is there."""

    part: int = Field(description="Counts from 0.", examples=[0])
    revision: str = Field(
        description="BLAKE2b of 8 bytes over source, target, model and text, with NUL between them (and the terms of a "
        "glossary, if it has some): tells whether the part is the same as a sender's.",
        examples=["9b2e4f60c1d7a358"],
    )
    characters: int = Field(examples=[65121])
    sentences: SentenceCounts

    @classmethod
    def of(cls, part: StoredPart) -> "Part":
        """Describe a part."""
        return cls(
            part=part.part, revision=part.revision, characters=part.characters, sentences=SentenceCounts.of(part)
        )


class PartPage(BaseModel):
    """Parts in the order of the text; numbers that are left out are not there yet."""

    source: str
    target: str
    model: str | None = Field(description="Model that was asked for.")
    items: list[Part]
    next: int | None = Field(description="Give it as `after` for the next page; null at the end of what is there.")


class SentencePage(BaseModel):
    """Sentences, in the order of the text unless asked otherwise."""

    items: list[Sentence]
    next: str | None = Field(description="Give it as `after` for the next page; null at the end of what is there.")


class Health(BaseModel):
    """The process answers."""

    status: Literal["alive", "ready"]


class Readiness(Health):
    """Documents can be submitted and read; those that wait for a translator have to wait while none is warm."""

    translators: int = Field(description="How many translators are warm.", examples=[2])
    models: list[str] = Field(examples=[["de-en-tiny@1"]])
