"""Server-sent events as they come over the line (https://html.spec.whatwg.org/multipage/server-sent-events.html)."""

from dataclasses import dataclass, field

import msgspec

from satzstrom.results import EditedSentence, LiveSentence, Status

END = "end"
"""Id of a document's last event."""
_STATUSES = ("progress", "state")


@dataclass
class EventReader:
    """Puts lines together to events, and remembers how far they went."""

    kind: type[LiveSentence | EditedSentence] = LiveSentence
    """What sentences are read as."""
    last_id: str | None = None
    """Goes into `Last-Event-ID` when the connection is made again."""
    _fields: dict[str, str] = field(default_factory=dict)
    _told: bool = False

    @property
    def ended(self) -> bool:
        """Whether all there is has come: of a document that is done or cancelled, or of one whose upload broke off."""
        return self._told or self.last_id == END

    @property
    def headers(self) -> dict[str, str]:
        """Headers with which the stream goes on where it broke off."""
        return {"Last-Event-ID": self.last_id} if self.last_id is not None else {}

    def restart(self) -> None:
        """Forget an event of which only a part has come."""
        self._fields.clear()

    def feed(self, line: str) -> LiveSentence | EditedSentence | Status | None:
        """Take one line without its end; return the event that it completes, if it completes one."""
        if line:
            name, _, value = line.partition(": ")
            self._fields[name] = value
            return None
        fields, self._fields = self._fields, {}
        self.last_id = fields.get("id", self.last_id)
        self._told = fields.get("event") == "state"
        event = fields.get("event", "")
        if event == "sentence":
            return msgspec.json.decode(fields["data"], type=self.kind)
        return msgspec.json.decode(fields["data"], type=Status) if event in _STATUSES else None
