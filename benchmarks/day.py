"""A day of a busy service in minutes: very many short texts that somebody waits for, and what is left of them."""

import asyncio
import tempfile
import time
from pathlib import Path
from typing import Any

import httpx
import psutil
from aiokafka import TopicPartition
from aiokafka.admin.config_resource import ConfigResource, ConfigResourceType
from pymongo import AsyncMongoClient

from benchmarks.pipelines import pipeline
from benchmarks.recorder import Recorder
from pipeline.consumers import started
from pipeline.kafka import KafkaClients
from pipeline.topics import Topics

_LIMIT = 600.0
"""Seconds after which no more requests are made."""
_AT_ONCE = 16
_STALLED_AFTER = 20.0
"""Instead of ten minutes, so that a day's traces come and go within the run."""
_RETENTION_MS = 60_000
"""Instead of seven days; Kafka looks every five minutes, and removes whole segments."""
_MEGABYTE = 1_000_000


def run(recorder: Recorder, requests: int = 20_000) -> None:
    """Measure what is left in topics, store, indexes and memory after so many requests, or as many as ten minutes take."""
    with tempfile.TemporaryDirectory(prefix="satzstrom-bench-") as made:
        settings = {"SATZSTROM_STALLED_AFTER": str(_STALLED_AFTER)}
        with pipeline("identity", Path(made), settings=settings) as (_, state):
            asyncio.run(_Day(recorder, state).run(requests))


class _Day:
    def __init__(self, recorder: Recorder, state: dict[str, Any]) -> None:
        self._recorder = recorder
        self._state = state
        self._kafka = KafkaClients(state["kafka"])
        self._client: Any = AsyncMongoClient(state["mongodb"], tz_aware=True)
        self._database = self._client["satzstrom"]

    async def run(self, requests: int) -> None:
        await self._shorten_retention()
        async with httpx.AsyncClient(base_url=self._state["api"], timeout=90) as http:
            await self._send(http, range(1000))
            await self._show("after 1,000")
            begin = time.monotonic()
            sent = await self._send(http, range(1000, requests))
            self._recorder.add("requests", sent / (time.monotonic() - begin), "a second", note=f"{sent:,} requests")
            await self._show("at the end")
        begin = time.monotonic()
        async with asyncio.timeout(180):
            await self._forgotten()
        self._recorder.add("until no trace is left", time.monotonic() - begin, "s")
        await self._show("afterwards")

    async def _forgotten(self) -> None:
        while True:
            if not await self._database.documents.count_documents({}):
                return
            await asyncio.sleep(1)

    async def _shorten_retention(self) -> None:
        admin: Any = self._kafka.admin()
        async with started(admin):
            names = [topic.name for topic in Topics() if not topic.compacted]
            configs = {"retention.ms": str(_RETENTION_MS), "segment.ms": str(_RETENTION_MS)}
            await admin.alter_configs([ConfigResource(ConfigResourceType.TOPIC, name, configs) for name in names])

    async def _send(self, http: httpx.AsyncClient, numbers: range) -> int:
        waiting, deadline = iter(numbers), time.monotonic() + _LIMIT
        sent = 0

        async def work() -> None:
            nonlocal sent
            for number in waiting:
                if time.monotonic() > deadline:
                    return
                await _translate(http, number)
                sent += 1

        await asyncio.gather(*(work() for _ in range(_AT_ONCE)))
        return sent

    async def _show(self, when: str) -> None:
        consumer = self._kafka.consumer()
        async with started(consumer):
            for topic in Topics():
                partitions = [TopicPartition(topic.name, number) for number in range(topic.partitions)]
                ends = await consumer.end_offsets(partitions)
                begins = await consumer.beginning_offsets(partitions)
                left = sum(ends.values()) - sum(begins.values())
                self._recorder.add(f"{when}: records on {topic.name}", left)
        for name in ("documents", "parts", "search", "charges", "dead_letters"):
            found = await self._database.command("collStats", name)
            size = (found["storageSize"] + found["totalIndexSize"]) / _MEGABYTE
            self._recorder.add(f"{when}: entries of {name}", found["count"], note=f"{size:.1f} MB with their indexes")
        for one in self._state["processes"]:
            rss = psutil.Process(one["pid"]).memory_info().rss / _MEGABYTE
            self._recorder.add(f"{when}: memory of {one['name']}", rss, "MB")


async def _translate(http: httpx.AsyncClient, number: int) -> None:
    """Ask as the two dialects do, in turn, and check the answer."""
    text = f"Guten Tag, Nummer {number}."
    if number % 2:
        answer = await http.post("/translate", json={"q": text, "source": "de", "target": "en"})
        made = answer.json()["translatedText"]
    else:
        answer = await http.post("/v2/translate", json={"text": [text], "source_lang": "DE", "target_lang": "EN"})
        made = answer.json()["translations"][0]["text"]
    assert made == text, answer.text
