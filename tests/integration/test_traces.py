"""One document is one trace, as a collector receives it."""

import asyncio
import gzip
import threading
from collections import defaultdict
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest

from pipeline import tracing
from pipeline.settings import StoreSettings
from tests.integration.flow import run_flow

Collected = list[Any]


@pytest.fixture
def collector(monkeypatch: pytest.MonkeyPatch) -> Iterator[Collected]:
    """An OTLP endpoint inside the test; gives the spans that it received."""
    spans: Collected = []

    class Collector(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            if self.headers.get("Content-Encoding") == "gzip":
                body = gzip.decompress(body)
            request = ExportTraceServiceRequest.FromString(body)
            spans.extend(
                span for resource in request.resource_spans for scope in resource.scope_spans for span in scope.spans
            )
            self.send_response(200)
            self.end_headers()

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Collector)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    monkeypatch.setenv("OTEL_EXPORTER_OTLP_ENDPOINT", f"http://127.0.0.1:{server.server_address[1]}")
    yield spans
    server.shutdown()
    thread.join()
    server.server_close()


async def test_one_document_is_one_trace_across_the_topics(settings: StoreSettings, collector: Collected) -> None:
    tracing.start("test")
    caller = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"
    async with run_flow(settings) as flow:
        body = {"id": "called", "text": "Eins ist da. Zwei auch."}
        await flow.http.post("/v1/documents", json=body, headers={"traceparent": caller})
        await flow.put(b'{"id": "kafka", "text": "Drei ist da."}')
        await flow.done("called")
        await flow.done("kafka")
    await asyncio.to_thread(tracing.stop)
    traces: dict[str, set[str]] = defaultdict(set)
    for span in collector:
        traces[span.trace_id.hex()].add(span.name)
    assert traces.pop("0af7651916cd43dd8448eb211c80319c") == {"submit", "segment", "translate", "store"}
    assert list(traces.values()) == [{"segment", "translate", "store"}]
    by_id = {span.span_id: span for span in collector}
    for span in collector:
        if span.name in ("translate", "store"):
            parent = by_id[span.parent_span_id]
            assert parent.name in ("segment", "translate")
            assert parent.start_time_unix_nano <= span.end_time_unix_nano


async def test_records_carry_no_traces_while_no_endpoint_is_set(settings: StoreSettings) -> None:
    tracing.start("test")
    async with run_flow(settings) as flow:
        await flow.http.post("/v1/documents", json={"id": "quiet", "text": "Eins ist da."})
        await flow.done("quiet")
        records = await flow.records(flow.topics.translations, 1)
    assert records[0].headers == ()


async def test_what_is_not_sampled_is_not_sent(
    settings: StoreSettings, collector: Collected, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("OTEL_TRACES_SAMPLER", "parentbased_always_off")
    tracing.start("test")
    async with run_flow(settings) as flow:
        await flow.http.post("/v1/documents", json={"id": "unseen", "text": "Eins ist da."})
        await flow.done("unseen")
    await asyncio.to_thread(tracing.stop)
    assert collector == []
