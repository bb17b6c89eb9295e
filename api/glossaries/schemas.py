"""What the routes of glossaries take and give."""

from datetime import datetime
from typing import Annotated

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field

from api.glossaries import inline
from store.accounts.glossaries import Glossary

Name = Annotated[str, Field(min_length=1, max_length=1024, examples=["contracts"])]
Code = Annotated[str, Field(min_length=2, max_length=35, examples=["de"])]
Entries = Annotated[
    dict[str, str],
    BeforeValidator(inline.from_text),
    Field(
        description="Terms and their translations; or as one text, a line each with a tab, a semicolon or a comma between.",
        examples=[{"Vertrag": "contract"}],
    ),
]


class PairTerms(BaseModel):
    """Terms of a pair of languages."""

    model_config = ConfigDict(extra="forbid")

    source: Code
    target: Code = Field(examples=["en"])
    entries: Entries


class NewGlossary(BaseModel):
    """A glossary in JSON: of one pair, or of several in `dictionaries`."""

    model_config = ConfigDict(extra="forbid")

    name: Name
    source: Code | None = None
    target: Code | None = None
    entries: Entries = {}
    dictionaries: list[PairTerms] = Field([], max_length=100)


class Change(BaseModel):
    """What is changed of a glossary."""

    model_config = ConfigDict(extra="forbid")

    name: Name


class Edit(BaseModel):
    """Terms of one pair that are set, and others that are removed."""

    model_config = ConfigDict(extra="forbid")

    source: Code
    target: Code = Field(examples=["en"])
    entries: Entries = {}
    remove: list[str] = Field([], description="Terms; those that are not there are no error.")


class PairCount(BaseModel):
    """A pair of languages that a glossary has: documents of it can be translated with it."""

    source: str
    target: str
    entries: int = Field(examples=[120])


class LeftOutLine(BaseModel):
    """A line of a file that was not used."""

    line: int
    reason: str


class GlossaryStatus(BaseModel):
    """A glossary without its entries."""

    id: str
    name: str
    version: str = Field(description="Another one after every change; also the ETag.")
    created: datetime
    pairs: list[PairCount] = Field(description="Documents of these languages can be translated with it.")
    entries: int = Field(description="Of all pairs.")

    @classmethod
    def of(cls, glossary: Glossary) -> "GlossaryStatus":
        """Describe a glossary."""
        pairs = [PairCount(source=s, target=t, entries=count) for (s, t), count in glossary.counts.items()]
        return cls(
            id=glossary.id,
            name=glossary.name,
            version=glossary.version,
            created=glossary.created,
            pairs=pairs,
            entries=sum(pair.entries for pair in pairs),
        )


class GlossaryImport(GlossaryStatus):
    """A glossary after a file was read into it."""

    repeated: int = Field(0, description="Lines that say again what another one says.")
    left_out: list[LeftOutLine] = Field(
        [], description="With `lenient`: lines that cannot be used, at most 20 of them."
    )
    left_out_count: int = 0


class GlossaryList(BaseModel):
    """All glossaries of whoever asks, oldest first."""

    items: list[GlossaryStatus]


class Entry(BaseModel):
    """A term and its translation."""

    source: str = Field(examples=["de"])
    target: str = Field(examples=["en"])
    term: str = Field(examples=["Vertrag"])
    translation: str = Field(examples=["contract"])


class EntryPage(BaseModel):
    """Entries, in alphabetical order of their terms."""

    items: list[Entry]
    total: int = Field(description="How many there are that were asked for.")
    next: str | None = Field(description="Give it as `after` for the next page; null on the last one.")
