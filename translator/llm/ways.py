"""How to ask: servers and models differ in what they understand of a request."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any, Literal

import msgspec

from translator.llm.settings import LanguageModel


@dataclass(frozen=True)
class Way:
    """What a request has besides the messages."""

    format: Literal["schema", "object", "none"] = "schema"
    temperature: bool = True
    limit: Literal["max_tokens", "max_completion_tokens", "none"] = "max_tokens"

    def body(
        self, model: LanguageModel, messages: Sequence[dict[str, str]], schema: dict[str, Any], limit: int
    ) -> bytes:
        """Return a request for an answer of at most `limit` tokens."""
        body: dict[str, Any] = {"model": model.name, "messages": list(messages), "stream": False}
        if self.temperature:
            body["temperature"] = model.temperature
        if self.limit != "none":
            body[self.limit] = limit
        if self.format == "schema":
            described = {"name": "translations", "strict": True, "schema": schema}
            body["response_format"] = {"type": "json_schema", "json_schema": described}
        elif self.format == "object":
            body["response_format"] = {"type": "json_object"}
        return msgspec.json.encode(body)

    def plainer(self, refusal: bytes) -> "Way | None":
        """Return another way after a server has refused this one; None if there is none.

        What the refusal names is changed; else the form of the answer is asked for less strictly, and then nothing is.
        """
        said = refusal[:4096].lower()
        if self.temperature and b"temperature" in said:
            return replace(self, temperature=False)
        if self.limit == "max_tokens" and b"max_tokens" in said:
            return replace(self, limit="max_completion_tokens" if b"max_completion_tokens" in said else "none")
        if self.limit == "max_completion_tokens" and b"max_completion_tokens" in said:
            return replace(self, limit="none")
        if self.format != "none":
            return replace(self, format="object" if self.format == "schema" else "none")
        bare = Way("none", temperature=False, limit="none")
        return bare if self != bare else None
