import io
import json
import logging
import subprocess
import sys
from datetime import UTC, datetime

import pytest
from opentelemetry.sdk.trace import TracerProvider

from pipeline import logs, tracing
from pipeline.logs import JsonFormatter, Seldom, TextFormatter, is_of_library, message_of


def entry_of(
    name: str = "sink.handler", message: str = "%d records", *args: object, **more: object
) -> logging.LogRecord:
    record = logging.LogRecord(name, logging.WARNING, __file__, 1, message, args or (3,), None)
    record.__dict__.update(more)
    return record


def test_an_entry_as_json_is_one_line_with_a_time_that_says_its_zone() -> None:
    line = JsonFormatter("sink").format(entry_of("sink.handler", "a\nline of %s", "Käse", **logs.about("book")))
    assert "\n" not in line
    entry = json.loads(line)
    assert datetime.fromisoformat(entry.pop("time")).utcoffset() is not None
    assert entry == {
        "level": "WARNING",
        "logger": "sink.handler",
        "message": "a\nline of Käse",
        "service": "sink",
        "document": "book",
    }


def test_an_entry_names_the_trace_that_it_belongs_to(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tracing._Tracing, "tracer", TracerProvider().get_tracer("test"))
    with tracing.span("store"):
        entry = json.loads(JsonFormatter("").format(entry_of()))
    assert len(entry["trace_id"]) == 32
    assert len(entry["span_id"]) == 16
    assert "trace_id" not in json.loads(JsonFormatter("").format(entry_of()))


def test_people_see_which_library_says_something() -> None:
    text = TextFormatter()
    line = text.format(entry_of("aiokafka.conn", "no connection to %d", 9))
    assert line.endswith("WARNING [aiokafka.conn] no connection to 9")
    assert is_of_library(line)
    line = text.format(entry_of())
    assert line.endswith("WARNING 3 records")
    assert not is_of_library(line)


def test_people_see_the_date_and_the_zone_of_a_line() -> None:
    record = entry_of()
    record.created = datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC).timestamp()
    line = TextFormatter().format(record)
    assert datetime.strptime(line[:24], "%Y-%m-%d %H:%M:%S%z") == datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)
    assert (message_of(line), message_of("3 records")) == ("3 records", "3 records")


def test_an_error_comes_with_its_traceback() -> None:
    try:
        raise ValueError("not so")
    except ValueError:
        record = logging.LogRecord("api", logging.ERROR, __file__, 1, "defect", (), sys.exc_info())
    assert "ValueError: not so" in json.loads(JsonFormatter("api").format(record))["error"]


def test_what_a_library_says_for_each_attempt_is_shown_once_a_minute(monkeypatch: pytest.MonkeyPatch) -> None:
    now = 1000.0
    monkeypatch.setattr("pipeline.logs.time.monotonic", lambda: now)
    seldom = Seldom()
    library = [seldom.filter(entry_of("aiokafka.conn", "no connection to %d", number)) for number in range(5)]
    assert library == [True, False, False, False, False]
    assert seldom.filter(entry_of("aiokafka.conn", "another line")), "another kind"
    assert [seldom.filter(entry_of()) for _ in range(3)] == [True] * 3, "our own are all shown"
    now += 61
    shown = entry_of("aiokafka.conn", "no connection to %d", 9)
    assert seldom.filter(shown)
    assert shown.getMessage() == "no connection to 9 (and 4 more like it)"


def test_warnings_of_python_and_of_libraries_are_seen() -> None:
    script = (
        "import logging, warnings; from pipeline import logs; logs.configure('INFO', form='json', service='sink');"
        "logging.getLogger('pymongo.client').warning('from a library'); warnings.warn('from Python')"
    )
    done = subprocess.run([sys.executable, "-W", "always", "-c", script], capture_output=True, check=True, text=True)
    entries = [json.loads(line) for line in io.StringIO(done.stderr)]
    assert [entry["logger"] for entry in entries] == ["pymongo.client", "py.warnings"]
    assert "from Python" in entries[1]["message"]
