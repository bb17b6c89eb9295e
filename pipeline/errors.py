"""The errors of the pipeline.

    SatzstromError
    ├── InputError            somebody sent what cannot be used; sending it again changes nothing
    │   ├── EncodingError     the bytes are not text in the encoding they claim
    │   ├── FormatError       the bytes are a file that is not text
    │   ├── EventError        a record on a topic cannot be read as its event
    │   │   ├── NewerVersionError  a newer release wrote it
    │   │   ├── BatchTooLargeError  so is a compressed batch of records, which is not even unpacked
    │   │   └── RecordTooLargeError  it is larger than a record may be once it is unpacked
    │   ├── OutputTooLargeError  what comes of a record is larger than a record may be
    │   ├── PartTooLargeError one part of many is larger than a part may be
    │   ├── LanguageError     not a language code
    │   ├── PairError         no model translates this pair of languages
    │   ├── ModelError        no translator runs the model that was asked for
    │   ├── SentenceError     the engine fails on this sentence and on no other
    │   └── ConflictError     the id already stands for another document
    │       └── EndedError    the document was cancelled or is done: nothing more can be done to it
    ├── LimitError            a key has used what it may use for now
    │   ├── QuotaError        its characters of this month
    │   ├── RateError         its requests of this minute
    │   └── TooManyDocumentsError  as many documents as it may have under way
    ├── SetupError            this process cannot work as it is set up; a person has to act
    ├── StoppedError          asked to stop before the work began
    ├── EngineError           the engine fails on everything; a restart can help
    ├── BrakeError            handling fails on too many records for it to be their fault
    ├── AbandonedError        records are left to whoever reads them next
    └── UnavailableError      a server is away; trying again later can help

`retriable` says whether trying again can help. Every message tells the reader what to do.
"""

from datetime import UTC, datetime
from typing import ClassVar


class SatzstromError(Exception):
    """Root of all errors that Satzstrom raises on purpose."""

    retriable: ClassVar[bool] = False

    @property
    def public(self) -> str:
        """What a sender may be told of it."""
        return str(self)


class InputError(SatzstromError):
    """Somebody sent what cannot be used; the message says what is wrong and what to do."""


class EncodingError(InputError):
    """The bytes are not text in the encoding they claim to be in."""

    REMEDY: ClassVar[str] = (
        "say which encoding it is (command line: --encoding, HTTP: encoding=, or the charset of Content-Type; "
        "detect: it is guessed)"
    )

    def __init__(self, encoding: str, offset: int, reason: str) -> None:
        super().__init__(f"not {encoding}: byte {offset} cannot be read ({reason}); {self.REMEDY}")
        self.encoding = encoding
        self.offset = offset


class FormatError(InputError):
    """The bytes are a file that is not text."""

    def __init__(self, kind: str) -> None:
        """`kind`: what it is, with its article."""
        super().__init__(f"this is {kind}, which is no text file; save its text as .txt in UTF-8, and send that")
        self.kind = kind


class EventError(InputError):
    """A record on a topic cannot be read as the event that the topic carries."""


class NewerVersionError(EventError):
    """A record was written by a newer release than this one."""

    def __init__(self, kind: str, version: int, known: int) -> None:
        super().__init__(
            f"version {version} of {kind} is newer than this release reads ({known}); upgrade this service"
        )


class RecordTooLargeError(EventError):
    """A record is larger than a record may be once it is unpacked; it is not decoded."""

    def __init__(self, size: int, limit: int) -> None:
        super().__init__(
            f"the record has {size} bytes when it is unpacked, more than the {limit} a record may have; "
            "cut the text into parts, or send it over HTTP or the command line"
        )


class BatchTooLargeError(EventError):
    """A compressed batch of records would become larger than is good for a service; it is not unpacked."""

    def __init__(self, batch: str, limit: int) -> None:
        super().__init__(
            f"a compressed batch ({batch}) would have more than the {limit} bytes that a batch may have when it is "
            "unpacked; this dead letter stands for all of it and has its bytes as they came; send smaller records"
        )


class OutputTooLargeError(InputError):
    """What comes of a record is larger than a record may be, so that Kafka would never take it."""

    def __init__(self, topic: str, size: int, limit: int) -> None:
        super().__init__(
            f"what comes of this record on {topic} has {size} bytes, more than the {limit} a record may have; "
            "send smaller parts, or fewer and shorter terms and metadata"
        )


class PartTooLargeError(InputError):
    """One part of many is larger than a part may be."""

    def __init__(self, document: str, part: int, size: int, limit: int) -> None:
        super().__init__(
            f"part {part} of document {document} has {size} bytes, more than the {limit} a part may have; "
            "cut the text at paragraph ends into smaller parts, or send it whole over HTTP or the command line"
        )


class LanguageError(InputError):
    """Not a language code."""

    def __init__(self, code: str) -> None:
        super().__init__(f"unknown language {code!r}; use an ISO 639-1 code such as 'de' or 'en'")
        self.code = code


class PairError(InputError):
    """No model translates this pair of languages."""

    def __init__(self, source: str, target: str, pairs: list[tuple[str, str]]) -> None:
        known = ", ".join(f"{s}→{t}" for s, t in pairs) or "none"
        super().__init__(f"no model translates {source}→{target}; available: {known}")
        self.pairs = pairs


class ModelError(InputError):
    """No translator runs the model that was asked for."""

    def __init__(self, model: str, models: list[str]) -> None:
        super().__init__(f"no translator runs the model {model!r}; available: {', '.join(models) or 'none'}")
        self.models = models


class ConflictError(InputError):
    """The id already stands for another document."""


class EndedError(ConflictError):
    """The document was cancelled, deleted or is done, so that what was asked for can no longer be done."""


class LimitError(SatzstromError):
    """A key has used what it may use for now; `wait` is the number of seconds after which trying again can help."""

    retriable = True

    def __init__(self, message: str, wait: int) -> None:
        super().__init__(message)
        self.wait = wait


class QuotaError(LimitError):
    """A key has used its characters of this month."""

    def __init__(self, limit: int, left: int, until: datetime) -> None:
        super().__init__(
            f"this key may send {limit:,} characters a month, and {left:,} are left, fewer than this text needs; "
            f"the next month begins on {until:%Y-%m-%d} (UTC)",
            max(1, int((until - datetime.now(UTC)).total_seconds()) + 1),
        )
        self.limit = limit
        self.left = left


class RateError(LimitError):
    """A key has made its requests of this minute."""

    def __init__(self, limit: int, wait: int) -> None:
        super().__init__(f"this key may make {limit} requests a minute; try again in {wait} s", wait)


class TooManyDocumentsError(LimitError):
    """A key has as many documents under way as it may have."""

    def __init__(self, limit: int) -> None:
        # The document that is done next makes room; nobody knows when, and asking every few seconds costs nothing.
        super().__init__(
            f"this key may have {limit} documents under way at once; wait until one is done, or cancel one", 5
        )


class TooManyStreamsError(LimitError):
    """A key has as many event streams open as it may have."""

    def __init__(self, limit: int) -> None:
        super().__init__(f"{limit} event streams are open with this key; close one, or ask with ?wait= instead", 5)


class SetupError(SatzstromError):
    """This process cannot work as it is set up; the message says what a person has to change."""


class StoppedError(SatzstromError):
    """The process was asked to stop while it waited for its servers; nothing was begun."""


class UnavailableError(SatzstromError):
    """A server is away for now, or answers that it cannot do what it is asked for."""

    retriable = True

    def __init__(self, server: str, address: str, reason: str, *, answers: bool = False) -> None:
        """`answers`: whether the reason is what the server itself says."""
        self._trouble = "refuses the work" if answers else "does not answer"
        super().__init__(f"{server} at {address} {self._trouble} ({reason})")
        self.server = server
        self.address = address

    @property
    def public(self) -> str:
        """The same without addresses and reasons, which are the business of those who run it."""
        return f"{self.server} {self._trouble}"


class EngineError(SatzstromError):
    """The engine fails on everything, so no sentence is to blame: the process ends and is started again."""

    retriable = True

    def __init__(self, model: str, reason: str) -> None:
        super().__init__(f"the engine of {model} is broken: {reason}")


class BrakeError(SatzstromError):
    """Handling fails on so many records that it is hardly their fault; nothing of them is committed."""

    def __init__(self, service: str, how_many: str, error: Exception) -> None:
        super().__init__(
            f"the {service} stops: handling failed for {how_many}, the last one with {type(error).__name__}: {error}; "
            "nothing is lost, and it goes on where it was once the cause is mended (dead letters can be replayed)"
        )


class AbandonedError(SatzstromError):
    """Records were given up while there was something to wait for; whoever reads them next handles them."""


class SentenceError(InputError):
    """The engine fails on this sentence and on no other; its source stands in its place."""

    def __init__(self, reason: str) -> None:
        super().__init__(f"the engine fails on this sentence and on no other: {reason}")
