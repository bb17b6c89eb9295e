"""What a process logs, and how: one line an entry on standard error, as text or as JSON."""

import json
import logging
import re
import sys
import time
from contextvars import ContextVar
from datetime import datetime
from typing import Literal

from pipeline import tracing

LogFormat = Literal["text", "json"]

REQUEST: ContextVar[str | None] = ContextVar("request", default=None)
"""Id of the request that is answered, in the API."""
_LEAVING = "socket.send() raised exception."
"""What asyncio says of each client that leaves while it is written to: nobody's fault, and nothing to do."""

LIBRARIES = ("aiokafka", "faust", "mode", "pymongo", "httpx", "kafka", "py.warnings")
_SAME_AFTER = 60.0
_BEGINNING = re.compile(r"[\d-]{10} [\d:]{8}[+-]\d{4} [A-Z]+ +")
_BY_LIBRARY = re.compile(r"\[(?:" + "|".join(LIBRARIES) + r")\b")


def configure(level: str, *, form: LogFormat = "text", service: str = "") -> None:
    """Log from now on as asked for; may be called again.

    Warnings of libraries are shown, each kind of them once a minute: a client that looks for a server that is away says so
    for each attempt. An entry as JSON has `time` (ISO 8601 with zone), `level`, `logger` and `message`, and where they are
    known `service`, `document`, `trace_id`, `span_id` and `error` (the traceback).
    """
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(JsonFormatter(service) if form == "json" else TextFormatter())
    handler.addFilter(Seldom())
    handler.addFilter(lambda record: record.msg != _LEAVING)
    logging.basicConfig(level=level, handlers=[handler], force=True)
    logging.captureWarnings(capture=True)
    for library in LIBRARIES:
        logging.getLogger(library).setLevel(logging.WARNING)


class TextFormatter(logging.Formatter):
    """Writes an entry for people; what a library says begins with its name."""

    def __init__(self) -> None:
        super().__init__(
            "%(asctime)s %(levelname)-7s %(said_by)s%(message)s%(of_request)s", datefmt="%Y-%m-%d %H:%M:%S%z"
        )

    def format(self, record: logging.LogRecord) -> str:
        """Return the line, and after it the traceback if there is one."""
        record.said_by = f"[{record.name}] " if _of_library(record) else ""
        request = REQUEST.get()
        record.of_request = f" [request {request}]" if request else ""
        return super().format(record)


def _of_library(record: logging.LogRecord) -> bool:
    return record.name.partition(".")[0] in LIBRARIES or record.name in LIBRARIES


def is_of_library(line: str) -> bool:
    """Whether a line of text is what a library said."""
    return (message := message_of(line)) != line and _BY_LIBRARY.match(message) is not None


def message_of(line: str) -> str:
    """Return what a line of text says, without its time and level; a line that has none as it is."""
    return line[found.end() :] if (found := _BEGINNING.match(line)) else line


def about(document: str | bytes | None) -> dict[str, str]:
    """Return the `extra` of an entry that is about one document; by its id or the key of one of its records."""
    if isinstance(document, bytes):
        document = document.decode(errors="replace")
    return {"document": document} if document else {}


class JsonFormatter(logging.Formatter):
    """Writes an entry as one line of JSON."""

    def __init__(self, service: str) -> None:
        super().__init__()
        self._service = service

    def format(self, record: logging.LogRecord) -> str:
        """Return the line."""
        entry: dict[str, object] = {
            "time": datetime.fromtimestamp(record.created).astimezone().isoformat(timespec="milliseconds"),
            "level": record.levelname,
            "logger": record.name,
            "message": record.getMessage(),
        }
        if (request := REQUEST.get()) is not None:
            entry["request"] = request
        if self._service:
            entry["service"] = self._service
        if (document := getattr(record, "document", None)) is not None:
            entry["document"] = document
        entry |= tracing.ids()
        if record.exc_info:
            entry["error"] = self.formatException(record.exc_info)
        return json.dumps(entry, ensure_ascii=False, default=str)


class Seldom(logging.Filter):
    """Lets an entry of a library pass once a minute; the next one says how many were left out. Others pass always."""

    def __init__(self) -> None:
        super().__init__()
        self._shown: dict[tuple[str, object], float] = {}
        self._left_out: dict[tuple[str, object], int] = {}

    def filter(self, record: logging.LogRecord) -> bool:
        """Whether an entry is to be written."""
        if not _of_library(record):
            return True
        # By its template, not by what stands in it; there are as many as libraries have lines that log.
        kind = (record.name, record.msg if isinstance(record.msg, str) else type(record.msg))
        now = time.monotonic()
        if now - self._shown.get(kind, -_SAME_AFTER) < _SAME_AFTER:
            self._left_out[kind] = self._left_out.get(kind, 0) + 1
            return False
        self._shown[kind] = now
        if left_out := self._left_out.pop(kind, 0):
            record.msg, record.args = f"{record.getMessage()} (and {left_out} more like it)", ()
        return True
