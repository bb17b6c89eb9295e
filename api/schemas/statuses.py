"""Documents as they stand, as JSON."""

from datetime import datetime

from pydantic import BaseModel, Field

from api.progress import estimated, eta, progress, stalled_since, summary
from api.schemas.counts import SentenceCounts
from api.schemas.names import Metadata
from pipeline.roster import pivot_of
from store.documents.history import State
from store.documents.reading import Document


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
