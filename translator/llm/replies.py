"""What a server answered to a request: the model's reply, or what is the matter."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Any

import msgspec

# The key is refused, there is no such model or address, or somebody else answers: a person has to act.
_ADVICE = {
    401: "check SATZSTROM_OPENAI_KEY_FILE",
    402: "the account has nothing left",
    403: "check SATZSTROM_OPENAI_KEY_FILE, and whether the key may use the model",
    404: "check SATZSTROM_OPENAI_URL, which mostly ends in /v1, and SATZSTROM_OPENAI_MODEL",
    405: "check SATZSTROM_OPENAI_URL",
    407: "a proxy asks for a login",
}
_REFUSED = (400, 406, 413, 415, 422, 501)
# They pass whatever was asked. With other errors of a server it may be the request on which it fails.
_BUSY = (408, 425, 429, 502, 503, 504)
_WORD = re.compile(r"[A-Za-z0-9_.-]{1,64}")
_FILTERED = "content_filter"


@dataclass(frozen=True)
class Reply:
    """What a model said."""

    content: str
    cut: bool = False
    """Whether it ended at the number of tokens that it might have."""
    refused: bool = False
    """Whether the model or its server says that it will not answer this."""
    read: int = 0
    """Tokens of the question and of the answer, as the server counts them."""
    written: int = 0


class TroubleError(Exception):
    """A request was not answered. The message says nothing of what was asked or answered."""

    def __init__(
        self, reason: str, *, own: bool, again: bool = True, wait: float | None = None, refused: bool = False
    ) -> None:
        """`own`: it may be for what was asked; `again`: asking again may help; `wait`: seconds to wait before.

        `refused`: the server does not take the request as it is.
        """
        super().__init__(reason)
        self.own = own
        self.again = again
        self.wait = wait
        self.refused = refused


def read_reply(status: int, headers: Mapping[str, str], body: bytes) -> Reply:
    """Return the reply in an answer. Raises `TroubleError`."""
    answer = _decoded(body)
    error = answer.get("error")
    if status == 200 and isinstance(error, dict):
        # Some who stand before others say so of an answer that is well for themselves.
        status = error["code"] if isinstance(error.get("code"), int) else 502
    if status != 200:
        raise _trouble(status, headers, error)
    try:
        choice = answer["choices"][0]
        message = choice["message"]
        content = message.get("content")
        refused = bool(message.get("refusal")) or choice.get("finish_reason") == _FILTERED
        if content is None:
            content = ""
        if not isinstance(content, str):
            raise TypeError
    except (LookupError, TypeError, AttributeError):
        raise TroubleError("an answer that is no chat completion", own=False) from None
    usage = answer.get("usage")
    read, written = (_count(usage, name) for name in ("prompt_tokens", "completion_tokens"))
    return Reply(content, choice.get("finish_reason") == "length", refused, read, written)


def offered(body: bytes) -> list[str]:
    """Return the names of the models in an answer to `GET /models`; nothing if they cannot be read."""
    entries = _decoded(body).get("data")
    names = [entry.get("id") for entry in entries if isinstance(entry, dict)] if isinstance(entries, list) else []
    return [name for name in names if isinstance(name, str)]


def _trouble(status: int, headers: Mapping[str, str], error: Any) -> TroubleError:
    reason = f"status {status}"
    for name in ("code", "type"):
        # Messages may quote the text or the key; codes are words.
        said = error.get(name) if isinstance(error, dict) else None
        if isinstance(said, str) and _WORD.fullmatch(said):
            reason += f" {said}"
            break
    if 300 <= status < 400:
        return TroubleError(f"{reason}: it leads elsewhere; check SATZSTROM_OPENAI_URL", own=False, again=False)
    if status in _ADVICE or said == "insufficient_quota":
        return TroubleError(f"{reason}; {_ADVICE.get(status, _ADVICE[402])}", own=False, again=False)
    if status in _REFUSED:
        return TroubleError(reason, own=True, again=False, refused=True)
    return TroubleError(reason, own=status not in _BUSY, wait=_retry_after(headers))


def _retry_after(headers: Mapping[str, str]) -> float | None:
    text = headers.get("retry-after", "").strip()
    if text.isascii() and text.isdigit():
        return float(text[:9])
    try:
        return max(0.0, (parsedate_to_datetime(text) - datetime.now(UTC)).total_seconds()) if text else None
    except (ValueError, TypeError, OverflowError):
        return None


def _decoded(body: bytes) -> dict[str, Any]:
    try:
        answer = msgspec.json.decode(body)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return {}
    return answer if isinstance(answer, dict) else {}


def _count(usage: Any, name: str) -> int:
    count = usage.get(name) if isinstance(usage, dict) else None
    return count if isinstance(count, int) and 0 <= count < 1 << 40 else 0
