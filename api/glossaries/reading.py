"""Terms in the body of a request: as JSON, as a file by itself, or as one in a form."""

from collections.abc import Mapping, Sequence
from pathlib import PurePath
from typing import Annotated, NamedTuple

from fastapi import Request
from pydantic import BaseModel, ConfigDict, Field

from api import bodies
from api.fields import read_body
from api.files.spooling import in_thread
from api.forms import Form
from api.glossaries import files
from api.glossaries.collecting import Collected
from api.glossaries.schemas import Code, NewGlossary
from api.ordering import fields_of, order_of, order_patiently
from api.problems import BodyError
from pipeline import languages
from pipeline.errors import InputError
from store.accounts.glossaries import Dictionaries, Pair


class FileTerms(BaseModel):
    """What can be said of a file of terms."""

    model_config = ConfigDict(extra="forbid")

    name: Annotated[str | None, Field(max_length=1024)] = Field(None, description="Absent: the file's.")
    source: Code | None = Field(None, description="Language of the terms, unless the file says it.")
    target: Code | None = Field(None, description="Language of their translations.", examples=["en"])
    encoding: str | None = Field(None, max_length=40, description="Absent: UTF-8, or what its first bytes look like.")
    lenient: bool | None = Field(
        None,
        description="Leave out lines that cannot be used or contradict an earlier one, in place of refusing the file.",
    )


class Terms(NamedTuple):
    """What a request brings."""

    name: str
    """Empty: none was said."""
    dictionaries: Dictionaries
    collected: Collected | None
    """What was found in the file, if it is one."""


async def read_terms(request: Request) -> Terms:
    """Return what a request brings. Raises `InputError` of many kinds, `RequestValidationError` for fields."""
    kind, parameters = bodies.media_type(request)
    if kind == "application/json":
        whole = await order_patiently(NewGlossary, fields_of(request) | await read_body(request, NewGlossary), "body")
        return Terms(whole.name, await in_thread(_of_json, whole), None)
    if kind == "multipart/form-data":
        form = Form(request)
        await form.read_ahead()
        said = order_of(FileTerms, fields_of(request, form.fields), "form")
        file = await form.first_file()
        raw, name, charset = await _whole(form), file.name, file.charset
    else:
        said = order_of(FileTerms, fields_of(request), "query")
        raw, name, charset = await bodies.read_whole(request, files.LIMIT), "", parameters.get("charset")
        if not raw:
            raise BodyError("the body is empty; send JSON, or a file: curl --data-binary @terms.csv '…?name=NAME'")
    collected = await in_thread(files.read, raw, _stated(said), encoding=said.encoding or charset)
    collected.check(lenient=bool(said.lenient))
    return Terms(said.name or PurePath(name).stem, collected.dictionaries, collected)


async def _whole(form: Form) -> bytes:
    raw = bytearray()
    async for chunk in form.last_file():
        raw += chunk
        if len(raw) > files.LIMIT:
            raise bodies.too_large(files.LIMIT)
    return bytes(raw)


def _stated(said: FileTerms) -> Pair | None:
    if (said.source is None) != (said.target is None):
        raise InputError("say both languages, source and target, or none: then the file has to say them")
    return pair_of(said.source, said.target) if said.source and said.target else None


def pair_of(source: str, target: str) -> Pair:
    """Return a pair of languages, without their varieties. Raises `LanguageError`, `InputError` for two of the same."""
    first, second = (languages.primary(languages.check(code)) for code in (source, target))
    if first == second:
        raise InputError(f"terms and translations are both in {first}")
    return first, second


def _of_json(whole: NewGlossary) -> Dictionaries:
    parts = [(one.source, one.target, one.entries) for one in whole.dictionaries]
    if whole.entries:
        if whole.source is None or whole.target is None:
            raise InputError("say the languages of the entries: source and target")
        parts.append((whole.source, whole.target, whole.entries))
    return gathered(parts)


def gathered(parts: Sequence[tuple[str, str, Mapping[str, str]]]) -> Dictionaries:
    """Return dictionaries of entries with their languages. Raises `InputError` for terms that cannot be used."""
    found = Collected()
    for number, (source, target, entries) in enumerate(parts, 1):
        pair = pair_of(source, target)
        for term, translation in entries.items():
            found.add(number, pair, term, translation)
    if found.wrong:
        raise InputError("; ".join(reason for _, reason in found.wrong[:10]))
    return found.dictionaries
