"""How far a document is, how long it will take, and what there is to do: in numbers and in words."""

import math
from datetime import datetime, timedelta

from store.documents.reading import Document

SILENT = timedelta(seconds=20)
"""Time without a word of a document's sender after which its upload counts as broken off; it may go on."""
_SOON = 5.0
_ENDED = ("done", "cancelled")


def estimated(document: Document) -> int | None:
    """Return about how many sentences a document has; None while nothing says how long it will be.

    Exact when all of it is there. While it arrives, its rest is taken to have as many sentences as what is there has.
    """
    counts = document.counts
    if document.parts is not None and counts.parts >= document.parts:
        return counts.total
    if document.state in ("done", "translating") and document.parts is None:
        return counts.total
    coming = document.expected or document.internal.get("file", {}).get("characters")
    if coming and counts.characters:
        return round(counts.total * max(1.0, coming / counts.characters))
    if document.parts is not None and counts.parts:
        return round(counts.total * document.parts / counts.parts)
    return None


def progress(document: Document) -> float:
    """Return how much of a document is translated: 1 only when it is done.

    While nothing says how long it will be, as much is taken to come as is there.
    """
    if document.state == "done":
        return 1.0
    total = estimated(document)
    if total is None:
        total = 2 * document.counts.total
    # Rounded down, so that 1 says that the document is done.
    return min(0.999, int(1000 * document.counts.translated / total) / 1000) if total else 0.0


def stalled_since(document: Document, now: datetime) -> datetime | None:
    """Return since when nothing has come of a document whose upload is not complete; None while it goes on."""
    heard = document.heard
    return heard if heard is not None and now - heard > SILENT else None


def eta(document: Document, now: datetime) -> float | None:
    """Return about how many seconds a document will take, by how fast it was translated of late; None if not known."""
    counts = document.counts
    if document.state == "done":
        return 0.0
    known = document.state == "translating" or (document.state == "receiving" and document.expected is not None)
    total = estimated(document)
    if not known or total is None or counts.started is None or not counts.translated or stalled_since(document, now):
        return None
    if document.state == "receiving" and counts.translated >= counts.total:
        # It waits for its sender, and nobody knows how long.
        return None
    age = (now - counts.started).total_seconds()
    # Of the first sentences, which go before others, nothing follows for the rest.
    if age < _SOON:
        return None
    rate = counts.pace.rate if counts.pace is not None else counts.translated / age
    return rounded(max(0, total - counts.translated) / rate) if rate > 0 else None


def rounded(seconds: float) -> float:
    """Return a time as exactly as an estimate can be meant: 7 s, 25 s, 2 min 10 s, 14 min."""
    for below, step in ((10, 1), (60, 5), (600, 10), (3600, 60)):
        if seconds < below:
            return float(math.ceil(seconds / step) * step)
    return float(math.ceil(seconds / 300) * 300)


def summary(document: Document, now: datetime) -> str:
    """Return what state a document is in, and what there is to do about it, in a sentence or two."""
    counts = document.counts
    total = estimated(document)
    sure = total == counts.total
    many = _count(counts.total if total is None else total)
    of_all = f"{many} so far" if total is None else many if sure else f"about {many}"
    done = f"{_number(counts.translated)} of {of_all} {'is' if counts.translated == 1 else 'are'} translated"
    if document.state == "done":
        remarks = [
            f"{_number(counts.suspect)} marked as doubtful" if counts.suspect else "",
            f"{_number(counts.failed)} could not be translated" if counts.failed else "",
        ]
        nothing = "there was nothing to translate; it is as it came"
        return f"Done: {', '.join([many if counts.total else nothing, *filter(None, remarks)])}."
    if document.state == "cancelled":
        return f"Cancelled: {done}, and can be read; delete the document, or send it again under another id."
    if document.state == "incomplete":
        why = f" ({document.reason})" if document.reason else ""
        return f"The upload broke off{why}: {done}. {_GO_ON}"
    if stalled_since(document, now) is not None:
        return f"Nothing comes any more; the upload seems to have broken off: {done}. {_GO_ON}"
    if not counts.translated:
        return "It is arriving." if document.state == "receiving" else f"{_count(counts.total)} to be translated."
    return f"{'Arriving' if document.state == 'receiving' else 'Translating'}: {done}."


_GO_ON = "Send the same text again under its id to go on, or delete it."


def _number(count: int) -> str:
    return f"{count:,}"


def _count(sentences: int) -> str:
    return f"{_number(sentences)} sentence{'' if sentences == 1 else 's'}"
