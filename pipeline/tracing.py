"""Traces: one document is one trace, from the request over the topics to the store (OpenTelemetry).

Off unless OTEL_EXPORTER_OTLP_ENDPOINT is set; then spans go there by OTLP over HTTP. The other variables of OpenTelemetry's
SDK work as everywhere, above all OTEL_TRACES_SAMPLER and OTEL_TRACES_SAMPLER_ARG: the first span of a document decides
for all of it. Records carry `traceparent` (W3C Trace Context) in their headers.
"""

import os
import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any

Headers = Sequence[tuple[str, bytes | None]]
"""Of a record; Kafka lets one have no value."""

_TRACEPARENT = "traceparent"
_OFF: Headers = ()


class _Tracing:
    """The tracer of this process, once `start` has made it."""

    tracer: Any = None
    provider: Any = None


def start(service: str) -> None:
    """Send spans from now on, if an endpoint is set."""
    if not os.environ.get("OTEL_EXPORTER_OTLP_ENDPOINT"):
        return
    from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
    from opentelemetry.sdk.resources import Resource
    from opentelemetry.sdk.trace import TracerProvider
    from opentelemetry.sdk.trace.export import BatchSpanProcessor

    _Tracing.provider = TracerProvider(resource=Resource.create({"service.name": f"satzstrom-{service}"}))
    _Tracing.provider.add_span_processor(BatchSpanProcessor(OTLPSpanExporter()))
    _Tracing.tracer = _Tracing.provider.get_tracer("satzstrom")


def stop() -> None:
    """Send what is left, and send no more."""
    if _Tracing.provider is not None:
        _Tracing.provider.shutdown()
    _Tracing.tracer = _Tracing.provider = None


@contextmanager
def span(name: str, parent: Headers | Mapping[str, str] = (), **attributes: Any) -> Iterator[None]:
    """Measure the block as a span; `parent` are the headers of the record or request that it belongs to."""
    if _Tracing.tracer is None:
        yield
        return
    with _Tracing.tracer.start_as_current_span(name, context=_context(parent), attributes=_named(attributes)):
        yield


def headers() -> Headers:
    """Return the headers that make a record part of the current span; none while tracing is off."""
    if _Tracing.tracer is None:
        return _OFF
    from opentelemetry.trace.propagation.tracecontext import TraceContextTextMapPropagator

    carrier: dict[str, str] = {}
    TraceContextTextMapPropagator().inject(carrier)
    return [(name, value.encode()) for name, value in carrier.items()]


def ids() -> dict[str, str]:
    """Return the ids of the current trace and span, for log entries; nothing outside of a span or while tracing is off."""
    if _Tracing.tracer is None:
        return {}
    from opentelemetry import trace

    context = trace.get_current_span().get_span_context()
    if not context.is_valid:
        return {}
    return {"trace_id": f"{context.trace_id:032x}", "span_id": f"{context.span_id:016x}"}


def spans_of(name: str, parents: Iterable[Headers], started: float, **attributes: Any) -> dict[bytes, Headers]:
    """Make a span, from `started` (`time.time()`) until now, for each document that a round of records belongs to.

    Returns the headers of each by the `traceparent` of its records; `headers_in` picks a record's.
    """
    if _Tracing.tracer is None:
        return {}
    counts: dict[bytes, int] = {}
    for parent in parents:
        key = _traceparent(parent)
        counts[key] = counts.get(key, 0) + 1
    from opentelemetry import trace

    made = {}
    for key, count in counts.items():
        one = _Tracing.tracer.start_span(
            name,
            context=_context([(_TRACEPARENT, key)]),
            start_time=int(started * 1e9),
            attributes=_named(attributes | {"records": count}),
        )
        with trace.use_span(one):
            made[key] = headers()
        one.end(int(time.time() * 1e9))
    return made


def headers_in(made: Mapping[bytes, Headers], parent: Headers) -> Headers:
    """Return the headers that `spans_of` made for a record."""
    return made.get(_traceparent(parent), _OFF) if made else _OFF


def _traceparent(parent: Headers) -> bytes:
    return next((value or b"" for name, value in parent if name == _TRACEPARENT), b"")


def _context(parent: Headers | Mapping[str, str]) -> Any:
    """Return the context of a parent; None for the current one where there is no parent."""
    from opentelemetry.trace.propagation.tracecontext import TraceContextTextMapPropagator

    carrier = (
        dict(parent)
        if isinstance(parent, Mapping)
        else {name: value.decode(errors="replace") for name, value in parent if name == _TRACEPARENT and value}
    )
    return TraceContextTextMapPropagator().extract(carrier) if carrier.get(_TRACEPARENT) else None


def _named(attributes: Mapping[str, Any]) -> dict[str, Any]:
    return {f"satzstrom.{name}": value for name, value in attributes.items() if value is not None}
