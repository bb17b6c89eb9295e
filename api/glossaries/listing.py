"""Entries of a glossary, a page at a time."""

from bisect import bisect_right

from api.glossaries.schemas import Entry, EntryPage
from pipeline.errors import InputError
from store.accounts.glossaries import Dictionaries

_Key = tuple[str, str, str, str]


def page_of(dictionaries: Dictionaries, words: str, after: str | None, limit: int) -> EntryPage:
    """Return up to `limit` entries in alphabetical order; what was added meanwhile shifts nothing.

    Raises `InputError` for an `after` that no page gave.
    """
    wanted = words.strip().casefold()
    found = sorted(
        _key(source, target, term)
        for (source, target), entries in dictionaries.items()
        for term, translation in entries.items()
        if not wanted or wanted in term.casefold() or wanted in translation.casefold()
    )
    start = bisect_right(found, _read(after)) if after is not None else 0
    items = [
        Entry(source=source, target=target, term=term, translation=dictionaries[source, target][term])
        for _, term, source, target in found[start : start + limit]
    ]
    more = start + limit < len(found)
    following = f"{items[-1].source}.{items[-1].target}.{items[-1].term}" if more else None
    return EntryPage(items=items, total=len(found), next=following)


def _key(source: str, target: str, term: str) -> _Key:
    return term.casefold(), term, source, target


def _read(after: str) -> _Key:
    source, _, rest = after.partition(".")
    target, _, term = rest.partition(".")
    if not term:
        raise InputError("`after` has to be the `next` of the page before")
    return _key(source, target, term)
