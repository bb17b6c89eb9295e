"""What the routes of this dialect share: reading requests."""

from typing import Annotated, Any

from pydantic import BaseModel, BeforeValidator, Field

from api.dialects import DEEPL
from api.problems import NotFoundError
from api.services import Services
from pipeline import languages
from pipeline.detection import AUTO
from pipeline.document_info import DocumentInfo
from pipeline.errors import InputError
from pipeline.terms import Terms

Code = Annotated[str, Field(min_length=2, max_length=35)]


def _as_list(value: Any) -> Any:
    """Take a list, one entry, or entries with commas between them; space beside them counts for nothing."""
    return [one.strip() for one in value.split(",", _MOST_NAMES) if one.strip()] if isinstance(value, str) else value


_MOST_NAMES = 1000
Names = Annotated[list[str], BeforeValidator(_as_list), Field(max_length=_MOST_NAMES)]
"""Tags, as the client sends them in JSON or in a form."""


class Keyed(BaseModel):
    """What a client may send its key in."""

    auth_key: str = Field("", description="Where the API asks for one, and it is not in the header.")


class Options(Keyed):
    """What text and document translation both take."""

    target_lang: Code = Field(description="Of a variety (PT-BR) the nearest model.", examples=["EN-GB"])
    source_lang: Code | None = Field(None, description="Absent: the text tells it.", examples=["DE"])
    glossary_id: str | None = Field(None, description="Needs source_lang.")
    glossary_ids: Names = Field([], max_length=5, description="Several; of two that have a term the first counts.")
    formality: str | None = Field(None, description="No effect.")


def language_of(code: str) -> str:
    """Return a language as glossaries name it, without the variety: EN-GB is en."""
    return languages.primary(languages.normal(code))


async def info_of(services: Services, options: Options, document: str = "") -> DocumentInfo:
    """Return what is known of a document before its text.

    Raises `NotFoundError` for a glossary that the sender does not have, `InputError` for one of other languages.
    """
    wanted = ([options.glossary_id] if options.glossary_id else []) + options.glossary_ids
    source = languages.normal(options.source_lang) if options.source_lang else AUTO
    target = languages.normal(options.target_lang)
    # Glossaries are for languages, wherever they are spoken.
    pair = language_of(source), language_of(target)
    glossaries = []
    for glossary in wanted:
        if source == AUTO:
            raise InputError("a glossary needs source_lang")
        found = await services.glossaries.get(services.owner, glossary)
        if found is None:
            raise NotFoundError(glossary, "glossary")
        if pair not in found.counts:
            known = ", ".join(f"{s}→{t}" for s, t in found.counts) or "nothing yet"
            raise InputError(f"the glossary is for {known}, not for {pair[0]}→{pair[1]}")
        glossaries.append(found)
    terms = Terms({})
    if glossaries:
        terms = await services.glossary_indexes.of(services.owner, glossaries, pair, services.glossaries)
    dialect = {"dialect": DEEPL.name}
    return DocumentInfo(document, source, target, metadata=dict(dialect), internal=dict(dialect), terms=terms)
