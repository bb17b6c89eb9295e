"""Elements that are taken whole."""

from dataclasses import dataclass, field

from formats.xml.part import End, Event, Start, Text


@dataclass(slots=True)
class Capture:
    """An element from its start tag on, until `take` has seen its end."""

    event: Start
    within: str = ""
    """Which of its children is read; empty: all of it."""
    end: int = 0
    """Where it ends."""
    inner: tuple[int, int] = (0, 0)
    """Where that begins and ends which is read."""
    simple: bool = True
    """Whether that has no elements."""
    _names: list[str] = field(default_factory=list)
    _texts: list[str] = field(default_factory=list)

    @property
    def shown(self) -> str:
        """What a reader reads of it."""
        return " ".join("".join(self._texts).split())

    def take(self, event: Event) -> bool:
        """Take in what comes next; return whether it was the end."""
        if isinstance(event, Text):
            if self._reads:
                self._texts.append(event.text)
        elif isinstance(event, Start):
            self.simple = self.simple and not self._reads
            self._names.append(event.name)
            if self._names == [self.within]:
                self.inner = event.end, event.end
        elif self._names:
            if self._names == [self.within]:
                self.inner = self.inner[0], event.start
            self._names.pop()
        else:
            self._finish(event)
            return True
        return False

    def _finish(self, event: End) -> None:
        self.end = event.end
        if not self.within:
            self.inner = self.event.end, event.start

    @property
    def _reads(self) -> bool:
        return not self.within or self._names[:1] == [self.within]
