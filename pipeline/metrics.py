"""Metrics for Prometheus: what every process counts, in base units, and never by document, key or address.

A process reports what it does itself; sums over processes are Prometheus' business.
"""

from collections.abc import Iterable

from prometheus_client import Counter, Gauge, Histogram

from pipeline.languages import primary

_SECONDS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 300, 1800, 3600)

SENTENCES = Counter(
    "satzstrom_sentences_total",
    "Sentences that a stage has finished: segmented, translated, stored.",
    ["stage", "source", "target"],
)
REMEMBERED = Counter(
    "satzstrom_remembered_sentences_total",
    "Sentences that needed no model. From the translation memory: context, exact, numbers (a person's), repeat (a model's); "
    "again: the translator had made them a moment before.",
    ["kind"],
)
RECALLS = Counter(
    "satzstrom_memory_lookups_total",
    "Times that the memory was asked for the sentences of a part: answered, away (the part goes on without).",
    ["outcome"],
)
DOCUMENTS_ACCEPTED = Counter("satzstrom_documents_accepted_total", "Documents that the API has taken.")
DOCUMENTS_FINISHED = Counter("satzstrom_documents_finished_total", "Documents that became done.", ["source", "target"])
DOCUMENT_SECONDS = Histogram(
    "satzstrom_document_seconds",
    "Time from a document's first part to its last translation.",
    ["source", "target"],
    buckets=(*_SECONDS, 4 * 3600, 24 * 3600),
)
DOCUMENTS = Gauge("satzstrom_documents", "Documents that are not done, by state.", ["state"])
UNSEARCHED = Gauge("satzstrom_unsearched_documents", "Documents that are done and cannot be searched as a whole yet.")
QUEUE_SECONDS = Histogram(
    "satzstrom_queue_seconds", "Time of a sentence between its event and its batch.", ["lane"], buckets=_SECONDS
)
BATCH_TOKENS = Histogram(
    "satzstrom_batch_tokens",
    "Size of a batch in source tokens, counting padding.",
    ["model"],
    buckets=(16, 32, 64, 128, 256, 512, 1024, 2048, 4096, 8192, 16384),
)
ENGINE_SECONDS = Histogram("satzstrom_engine_seconds", "Time of a batch in the engine.", ["model"], buckets=_SECONDS)
TOKENS = Counter("satzstrom_tokens_total", "Source tokens that went through the engine.", ["model"])
LLM_REQUESTS = Counter(
    "satzstrom_llm_requests_total",
    "Requests to the server of a language model: answered, failed (and perhaps sent again).",
    ["model", "outcome"],
)
LLM_TOKENS = Counter(
    "satzstrom_llm_tokens_total",
    "Tokens that a language model has read and written, as its server counts them.",
    ["model", "kind"],
)
SUSPECTS = Counter("satzstrom_suspect_sentences_total", "Translations that a reader should check.", ["reason"])
REPAIRS = Counter(
    "satzstrom_repaired_sentences_total",
    "Translations that looked wrong at first and were made again: by a second_try, by quotation marks placed, or split.",
    ["by"],
)
FAILURES = Counter("satzstrom_failed_sentences_total", "Sentences that kept their source.", ["reason"])
REQUEST_SECONDS = Histogram(
    "satzstrom_http_request_seconds",
    "Time of a request to the API until its answer is complete.",
    ["method", "route", "status"],
    buckets=_SECONDS,
)
DEAD_LETTERS = Counter("satzstrom_dead_letters_total", "Records that could not be used.", ["service", "reason"])
RECONCILED = Counter(
    "satzstrom_reconciled_documents_total",
    "Documents that had lost something on their way and were driven on or ended, by action: sent again, incomplete, done.",
    ["action"],
)
RESENT = Counter("satzstrom_resent_sentences_total", "Sentences that were lost on their way and sent again.")
BRAKES = Counter(
    "satzstrom_brakes_total",
    "Times that a service stopped because handling failed on too many records for it to be their fault.",
    ["service"],
)
LAG = Gauge(
    "satzstrom_consumer_lag_records",
    "Records of a topic that a group has not finished, as Kafka knows it.",
    ["group", "topic"],
)
BUILD = Gauge("satzstrom_build_info", "Version and service of this process; the value is 1.", ["version", "service"])
MODEL = Gauge(
    "satzstrom_model_info", "A loaded model; the value is 1.", ["model", "source", "target", "engine", "device"]
)
MODEL_IN_USE = Gauge(
    "satzstrom_model_in_use",
    "The model that a translator gives the sentences of a pair that ask for no other; the value is 1.",
    ["model", "source", "target"],
)
MODEL_CHANGES = Counter(
    "satzstrom_model_changes_total",
    "Models that a pair was to use from then on, by result: used, refused (it did not load, or failed its trial).",
    ["result"],
)
MODELS_REFUSED = Gauge(
    "satzstrom_models_refused", "Models that a translator was to use and does not; what was in use before goes on."
)
MODELS_LOADED = Gauge("satzstrom_models_loaded", "Models that a translator has in memory at the moment.")
MODEL_BYTES = Gauge("satzstrom_model_bytes", "Memory of a loaded model's process, as measured last.", ["model"])
MODEL_BUDGET = Gauge("satzstrom_model_budget_bytes", "Memory that a translator's models may take; 0: no limit.")
MODEL_LOADS = Counter("satzstrom_model_loads_total", "Times that a model was loaded.", ["model"])
MODEL_UNLOADS = Counter(
    "satzstrom_model_unloads_total",
    "Times that a model was unloaded, to make room or because it was removed.",
    ["model"],
)


class Pairs:
    """The pairs of languages that may be labels: those that a translator has offered, whatever senders write."""

    def __init__(self) -> None:
        self._offered: frozenset[tuple[str, str]] = frozenset()

    def offer(self, pairs: Iterable[tuple[str, str]]) -> None:
        """Take pairs of which there are models."""
        self._offered |= {(primary(source), primary(target)) for source, target in pairs}

    def labels(self, source: str, target: str) -> tuple[str, str]:
        """Return the labels for a pair: its languages without script or region, or `other` for both."""
        pair = (primary(source), primary(target))
        return pair if pair in self._offered else ("other", "other")


PAIRS = Pairs()
