"""Sentences with their translations, as JSON."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, NamedTuple, Self

from pydantic import BaseModel, ConfigDict, Field

from pipeline.confidence import Level, level, reason
from pipeline.events import Remembered
from store.layout import Kind
from store.parts import StoredSentence


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
    suspect: list[str] = Field(description="Why its translation is doubtful.")
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


class SentencePage(BaseModel):
    """Sentences, in the order of the text unless asked otherwise."""

    items: list[Sentence]
    next: str | None = Field(description="Give it as `after` for the next page; null at the end of what is there.")
