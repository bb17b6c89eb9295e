"""A document's status in words, wherever the command line tells it."""

from pipeline.counted import counted
from satzstrom.results import Status

_ENDS = (("h", 3600), ("min", 60), ("s", 1))


def is_broken(status: Status) -> bool:
    """Whether the upload has broken off: for good, or so that nothing comes for now."""
    return status.state == "incomplete" or status.stalled_since is not None


def state_of(status: Status) -> str:
    """Return the state, in which an upload that stands still is not one that arrives."""
    return "stalled" if status.stalled_since is not None else status.state


def of_all(status: Status) -> str:
    """Return how many sentences a document has: "893 sentences", "about 893 sentences", "33 sentences so far"."""
    total = status.sentences.total
    if status.state == "receiving" and status.estimated is None:
        return f"{counted(total, 'sentence')} so far"
    if status.estimated in (None, total):
        return counted(total, "sentence")
    return f"about {counted(status.estimated, 'sentence')}"


def to_go(status: Status) -> str:
    """Return how long it will take: "2 min 10 s to go"; empty if that is not known, or nothing is left to do."""
    return f"{duration(status.eta_seconds)} to go" if status.eta_seconds and not status.ended else ""


def duration(seconds: float) -> str:
    """Return a time with at most two units: "7 s", "2 min 10 s", "1 h 5 min"."""
    left, said = max(1, round(seconds)), []
    for name, length in _ENDS:
        count, left = divmod(left, length)
        if count:
            said.append(f"{count} {name}")
    return " ".join(said[:2])


def not_done(status: Status) -> str:
    """Return that a document has ended otherwise than done, why, and what to do then."""
    reason = f" ({status.reason})" if status.reason else ""
    further = f"; {way}" if (way := way_on(status)) else ""
    return f"document {status.id} is {state_of(status)}{reason}{further}"


def way_on(status: Status) -> str:
    """Return what to do with a document that broke off or was cancelled, as commands; empty where there is nothing to do."""
    named = status.id
    if status.state == "cancelled":
        return f"what is translated: satzstrom get {named} --partial; delete it: satzstrom delete {named}"
    if not is_broken(status):
        return ""
    # A file of another kind came as a whole, and is read on by the pipeline where it can be read.
    again = f"satzstrom submit --resume {named} FILE" if status.read is None else "satzstrom submit FILE"
    how = "send what is missing" if status.read is None else "send the file again"
    return f"{how}: {again}; what is there: satzstrom get {named} --partial; delete it: satzstrom delete {named}"
