"""Metrics of a running pipeline."""

import asyncio

import httpx
from prometheus_client import REGISTRY

from api.observer import Observer
from embedded.ports import free_port
from pipeline import monitoring
from pipeline.kafka import KafkaClients
from pipeline.settings import StoreSettings
from pipeline.topics import Topics
from store.collections import Collections
from store.documents.reading import DocumentReader
from tests.integration.flow import run_flow
from tests.waiting import eventually

PAIR = {"source": "de", "target": "en"}


def value(name: str, **labels: str) -> float:
    return REGISTRY.get_sample_value(name, labels) or 0.0


async def test_each_stage_counts_what_it_has_done(settings: StoreSettings) -> None:
    stages = ("segmented", "translated", "stored")
    before = {stage: value("satzstrom_sentences_total", stage=stage, **PAIR) for stage in stages}
    finished = value("satzstrom_documents_finished_total", **PAIR)
    tokens = value("satzstrom_batch_tokens_count", model="identity@1")
    letters = value("satzstrom_dead_letters_total", service="segmenter", reason="EventError")
    async with run_flow(settings) as flow:
        await flow.http.post("/v1/documents", json={"id": "counted", "text": "Eins ist da. Zwei auch. Drei fehlt."})
        await flow.done("counted")
        await flow.put(b"{")
        await flow.dead_letters(1)
    for stage in stages:
        assert value("satzstrom_sentences_total", stage=stage, **PAIR) == before[stage] + 3
    assert value("satzstrom_documents_finished_total", **PAIR) == finished + 1
    assert value("satzstrom_batch_tokens_count", model="identity@1") > tokens
    assert value("satzstrom_dead_letters_total", service="segmenter", reason="EventError") == letters + 1
    assert value("satzstrom_http_request_seconds_count", method="POST", route="/v1/documents", status="2xx") >= 1
    assert value("satzstrom_model_info", model="identity@1", engine="identity", device="none", **PAIR) == 1


async def test_what_waits_is_seen_without_any_translator(settings: StoreSettings, collections: Collections) -> None:
    topics = Topics(settings.topic_prefix)
    watching = asyncio.create_task(Observer(KafkaClients.of(settings), topics, DocumentReader(collections)).run())
    try:
        async with run_flow(settings, ("segmenter", "sink", "api")) as flow:
            await flow.put(b'{"id": "waits", "text": "Eins ist da. Zwei auch."}')

            async def seen() -> bool:
                lag = value(
                    "satzstrom_consumer_lag_records",
                    group=topics.group("translator.interactive"),
                    topic=topics.sentences_interactive,
                )
                return lag == 2 and value("satzstrom_documents", state="translating") == 1

            await eventually(seen, what="the lag in the metrics")
    finally:
        watching.cancel()
        await asyncio.gather(watching, return_exceptions=True)


async def test_metrics_and_liveness_are_answered_over_http() -> None:
    port = free_port(19464, set())
    monitoring.serve("127.0.0.1", port)
    monitoring.LIVENESS.turned()
    async with httpx.AsyncClient(base_url=f"http://127.0.0.1:{port}") as http:
        assert (await http.get("/livez")).text == "alive\n"
        assert "satzstrom_sentences_total" in (await http.get("/metrics")).text
