"""Records that cannot be right, on every topic of documents, parts, sentences and translations.

Tests send more kinds of them, and check why each is refused (`tests/integration/malformed.py`).
"""

import asyncio
import json
import random
from collections.abc import Callable, Mapping
from typing import Any

from embedded.chaos.fault import Fault, Ledger, Target
from pipeline.kafka import KafkaClients
from pipeline.topics import Topics

_EACH_TIME = 40

Fields = dict[str, Any]
Make = Callable[[Fields], bytes]


class HostileRecords:
    """Sends records of which each has to be a dead letter, and no harm to anything else."""

    def __init__(self, target: Target, chance: random.Random, ledger: Ledger) -> None:
        self._target = target
        self._chance = chance
        self._ledger = ledger
        self._sent = 0

    def kinds(self) -> list[Fault]:
        """Return the only kind."""
        return [Fault("hostile records", self._send, 3)]

    def _send(self) -> None:
        """Send some of each kind with keys at random, so that they lie in all partitions among what is good."""
        records = []
        for _ in range(_EACH_TIME):
            topic, make = self._chance.choice(_PLACES), self._chance.choice(_KINDS)
            self._sent += 1
            value = make(_EVENTS[topic] | {"made": f"hostile-{self._sent}"})
            records.append((topic, value, self._chance.randbytes(8)))
        asyncio.run(_publish(KafkaClients(self._target.running().kafka), records))
        self._ledger.letters.update(value for _, value, _ in records)


async def _publish(kafka: KafkaClients, records: list[tuple[str, bytes, bytes]]) -> None:
    producer = kafka.producer(acks="all")
    await producer.start()
    try:
        await asyncio.gather(*[await producer.send(topic, value, key) for topic, value, key in records])
    finally:
        await producer.stop()


def _json(fields: Fields) -> bytes:
    return json.dumps(fields).encode()


def _raw(name: str, value: str) -> Make:
    """Write a field as `json` would not write it."""
    return lambda fields: _json(fields)[:-1] + f', "{name}": {value}}}'.encode()


_KINDS: tuple[Make, ...] = (
    lambda fields: b"\xff\xfe" + _json(fields),
    lambda fields: _json(fields)[:-1],
    lambda fields: _json(fields) * 2,
    lambda fields: _json([fields]) if fields else b"",  # type: ignore[arg-type]
    lambda fields: json.dumps(fields).encode("utf-16"),
    lambda fields: _json(fields | {"text": 7}),
    lambda fields: _json({name: value for name, value in fields.items() if name != "text"}),
    lambda fields: _json(fields | {"part": -1}),
    lambda fields: _json(fields | {"version": 0}),
    lambda fields: _json(fields | {"source": "x" * 40}),
    lambda fields: _json(fields | {"id": "no id", "document": "../etc"}),
    _raw("surplus", "[" * 5000 + "]" * 5000),
    _raw("part", "9" * 5000),
    _raw("version", "NaN"),
    _raw("version", "1e999"),
    _raw("surplus", '"\\ud800"}, {'),
)

_INNER: Fields = {"version": 1, "document": "hostile", "part": 0, "revision": "0" * 16, "text": "Satz."}
_EVENTS: Mapping[str, Fields] = {
    Topics().documents: {"version": 1, "id": "hostile", "text": "Satz.", "source": "de", "target": "en"},
    Topics().documents_bulk: {"version": 1, "id": "hostile", "text": "Satz.", "source": "de", "target": "en"},
    Topics().parts: {**_INNER, "last": True, "spans": [0, 5], "source": "de", "target": "en"},
    Topics().sentences_interactive: {**_INNER, "index": 0, "source": "de", "target": "en"},
    Topics().sentences_bulk: {**_INNER, "index": 0, "source": "de", "target": "en"},
    Topics().translations: {**_INNER, "index": 0, "source": "de", "target": "en", "model": "m"},
}
_PLACES = tuple(_EVENTS)
