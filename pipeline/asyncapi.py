"""The topics as an AsyncAPI 3 document, made from the topic table and the events.

python -m pipeline.asyncapi > docs/asyncapi.json
"""

import json
import sys
from typing import Any

import msgspec

from pipeline.dead_letters import PREFIX
from pipeline.events import Event
from pipeline.examples import EXAMPLES
from pipeline.topics import Topic, Topics

_DESCRIPTION = (
    "Documents come in on `documents` and leave on `translations`. Every event may arrive more than once and in any order; "
    "ids make repetition harmless. Events are JSON; unknown fields are ignored."
)


def document(topics: Topics) -> dict[str, Any]:
    """Return the AsyncAPI document (https://www.asyncapi.com/docs/reference/specification/v3.0.0)."""
    kinds = [topic.event for topic in topics if topic.event is not None]
    _, schemas = msgspec.json.schema_components(kinds, ref_template="#/components/schemas/{name}")
    return {
        "asyncapi": "3.0.0",
        "info": {"title": "Satzstrom", "version": "1", "description": _DESCRIPTION, "license": {"name": "Apache-2.0"}},
        "defaultContentType": "application/json",
        "servers": {"kafka": {"host": "localhost:9092", "protocol": "kafka"}},
        "channels": {topic.name: _channel(topic, topics) for topic in topics},
        "operations": {name: entry for topic in topics for name, entry in _operations(topic).items()},
        "components": {
            "schemas": schemas,
            "messages": {kind.__name__: _message(kind) for kind in dict.fromkeys(kinds)}
            | {"DeadLetter": _dead_letter()},
        },
    }


def _channel(topic: Topic, topics: Topics) -> dict[str, Any]:
    name = topic.event.__name__ if topic.event is not None else "DeadLetter"
    return {
        "address": topics.prefix + topic.name,
        "description": topic.summary,
        "messages": {name: {"$ref": f"#/components/messages/{name}"}},
        "bindings": {
            "kafka": {
                "partitions": topic.partitions,
                "topicConfiguration": {
                    "cleanup.policy": topic.config.get("cleanup.policy", "delete").split(","),
                    "retention.ms": int(topic.config["retention.ms"]),
                    "max.message.bytes": int(topic.config["max.message.bytes"]),
                },
            }
        },
    }


def _operations(topic: Topic) -> dict[str, Any]:
    channel = {"$ref": f"#/channels/{topic.name}"}
    roles = [("send", writer) for writer in topic.writers] + [("receive", reader) for reader in topic.readers]
    return {
        f"{role}.{action}.{topic.name}": {"action": action, "channel": channel, "summary": f"{role} {_VERBS[action]}"}
        for action, role in roles
    }


_VERBS = {"send": "writes to it", "receive": "reads it"}


def _message(kind: type[Event]) -> dict[str, Any]:
    return {
        "name": kind.__name__,
        "contentType": "application/json",
        "summary": (kind.__doc__ or "").splitlines()[0],
        "payload": {"$ref": f"#/components/schemas/{kind.__name__}"},
        "examples": [{"payload": msgspec.to_builtins(example)} for example in EXAMPLES[kind]],
    }


def _dead_letter() -> dict[str, Any]:
    names = (
        "topic",
        "partition",
        "offset",
        "connector.name",
        "stage",
        "exception.class.name",
        "exception.message",
    )
    return {
        "name": "DeadLetter",
        "summary": "A record that could not be used, as it was, with the reason in its headers.",
        "headers": {
            "type": "object",
            "properties": {PREFIX + name: {"type": "string"} for name in names},
            "required": [PREFIX + name for name in names],
        },
        "payload": {"description": "The original value, whatever it is."},
    }


if __name__ == "__main__":
    json.dump(document(Topics()), sys.stdout, indent=1, ensure_ascii=False)
    sys.stdout.write("\n")
