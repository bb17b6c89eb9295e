"""Pictures in parts of Office Open XML: nobody reads what is written in them, so they are counted."""

from collections.abc import Iterable, Iterator

from formats.document import Notes
from formats.xml.part import Event, Start, Text

# Old programs are shown the same again; bullets are pictures for which there is one sign.
_NOT_IN = frozenset(("Fallback", "buBlip"))
_OF_VML = "imagedata"


def counted(events: Iterable[Event], notes: Notes) -> Iterator[Event]:
    """Yield events as they come, and note the pictures among them: those that stand alone, and those that fill a shape."""
    outside = 0
    for event in events:
        yield event
        if isinstance(event, Text):
            continue
        name = local(event.name)
        if name in _NOT_IN:
            outside += 1 if isinstance(event, Start) else -1
        elif isinstance(event, Start) and not outside and (name == _OF_VML or (name == "blip" and _is_there(event))):
            notes.left["pictures"] += 1


def local(name: str) -> str:
    """Return a name without its prefix or namespace."""
    return name[name.rfind("}") + 1 :].rpartition(":")[2]


def _is_there(blip: Start) -> bool:
    """Whether it names a picture; a pattern may have none yet."""
    return any(local(name) in ("embed", "link") and value for name, value in blip.attributes.items())
