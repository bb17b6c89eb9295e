"""Writes the Grafana board: python deploy/monitoring/board.py > deploy/monitoring/grafana/dashboards/satzstrom.json."""

import json
import sys
from typing import Any

RATE = "$__rate_interval"

Panel = tuple[str, str, str, dict[str, str]]
# Row: title and panels. Panel: title, unit in Grafana's names, what it means, and legend → expression.
ROWS: list[tuple[str, list[Panel]]] = [
    ("Pipeline", [
        ("Documents under way", "short", "By state; an incomplete one waits for the rest of its upload.", {
            "{{state}}": "max by (state) (satzstrom_documents)"}),
        ("Documents finished", "short", "In the last hour.", {
            "finished": "sum(increase(satzstrom_documents_finished_total[1h])) or vector(0)"}),
        ("Sentences by stage", "ops", "A stage that falls behind is where to add processes.", {
            "{{stage}}": f"sum by (stage) (rate(satzstrom_sentences_total[{RATE}]))"}),
        ("Waiting records", "short", "What each group has not finished. Bulk may wait; interactive should be near 0.", {
            "{{group}}": "sum by (group) (max by (group, topic) (satzstrom_consumer_lag_records))"}),
        ("Time from the first part to the last translation", "s", "Of finished documents.", {
            "p50": f"histogram_quantile(0.5, sum by (le) (rate(satzstrom_document_seconds_bucket[{RATE}])))",
            "p95": f"histogram_quantile(0.95, sum by (le) (rate(satzstrom_document_seconds_bucket[{RATE}])))"}),
        ("Dead letters", "short", "Records that could not be used, in the last hour, by reason.", {
            "{{service}} {{reason}}":
                "sum by (service, reason) (increase(satzstrom_dead_letters_total[1h])) or vector(0)"}),
    ]),
    ("Translators", [
        ("Translators", "short", "Processes with a loaded model.", {
            "{{model}} on {{device}}": "count by (model, device) (satzstrom_model_info)"}),
        ("Models in use", "short", "By pair of languages: translators that use this model; two while a change spreads.", {
            "{{source}} to {{target}}: {{model}}": "count by (source, target, model) (satzstrom_model_in_use)"}),
        ("Tokens in the engine", "ops", "Source tokens a second.", {
            "{{model}}": f"sum by (model) (rate(satzstrom_tokens_total[{RATE}]))"}),
        ("Batch size", "short", "Source tokens with padding; small batches waste the engine.", {
            "mean": f"sum(rate(satzstrom_batch_tokens_sum[{RATE}])) / sum(rate(satzstrom_batch_tokens_count[{RATE}]))"}),
        ("Time of a batch", "s", "In the engine.", {
            "p50": f"histogram_quantile(0.5, sum by (le) (rate(satzstrom_engine_seconds_bucket[{RATE}])))",
            "p95": f"histogram_quantile(0.95, sum by (le) (rate(satzstrom_engine_seconds_bucket[{RATE}])))"}),
        ("Waiting time by lane, p95", "s", "Of a sentence, between its event and its batch.", {
            "{{lane}}": f"histogram_quantile(0.95, sum by (lane, le) (rate(satzstrom_queue_seconds_bucket[{RATE}])))"}),
        ("Memory of models", "bytes", "Of those that are loaded at the moment.", {
            "{{model}}": "sum by (model) (satzstrom_model_bytes)"}),
        ("Models loaded", "short", "In the last hour; many where they do not fit into memory together.", {
            "{{model}}": "sum by (model) (increase(satzstrom_model_loads_total[1h]))"}),
        ("Share of time in the engine", "percentunit", "Of one core; 1 for each batch that runs all the time.", {
            "{{instance}}": f"sum by (instance) (rate(satzstrom_engine_seconds_sum[{RATE}]))"}),
    ]),
    ("Fidelity", [
        ("Suspect translations", "percentunit", "Share of translations that a reader should check.", {
            "suspect": f"(sum(rate(satzstrom_suspect_sentences_total[{RATE}])) or vector(0)) / "
                       f'sum(rate(satzstrom_sentences_total{{stage="translated"}}[{RATE}]))'}),
        ("Reasons", "short", "Of suspect translations, in the last hour.", {
            "{{reason}}": "sum by (reason) (increase(satzstrom_suspect_sentences_total[1h])) or vector(0)"}),
        ("From memory", "percentunit", "Share of sentences that needed no model, by how they were found.", {
            "{{kind}}": f"sum by (kind) (rate(satzstrom_remembered_sentences_total[{RATE}])) / scalar("
                        f'sum(rate(satzstrom_sentences_total{{stage="segmented"}}[{RATE}])))',
            "lookups without an answer":
                f'sum(rate(satzstrom_memory_lookups_total{{outcome="away"}}[{RATE}])) / '
                f"sum(rate(satzstrom_memory_lookups_total[{RATE}]))"}),
        ("Repaired and failed", "short", "Made again with success, and left in the source's language; in the last hour.", {
            "repaired by {{by}}": "sum by (by) (increase(satzstrom_repaired_sentences_total[1h])) or vector(0)",
            "failed: {{reason}}": "sum by (reason) (increase(satzstrom_failed_sentences_total[1h])) or vector(0)"}),
    ]),
    ("Store and API", [
        ("Stored sentences", "ops", "Translations that the sink has written.", {
            "stored": f'sum(rate(satzstrom_sentences_total{{stage="stored"}}[{RATE}]))'}),
        ("Requests", "reqps", "By route and kind of answer.", {
            "{{method}} {{route}} {{status}}":
                f"sum by (method, route, status) (rate(satzstrom_http_request_seconds_count[{RATE}]))"}),
        ("Time of a request, p95", "s", "An upload takes as long as its text takes to arrive.", {
            "{{method}} {{route}}": "histogram_quantile(0.95, sum by (method, route, le) "
                                    f"(rate(satzstrom_http_request_seconds_bucket[{RATE}])))"}),
        ("Memory", "bytes", "Of each process.", {
            "{{job}} {{instance}}": 'process_resident_memory_bytes{job="satzstrom"}'}),
        ("Processor", "percentunit", "Of each process, in cores.", {
            "{{job}} {{instance}}": f'rate(process_cpu_seconds_total{{job="satzstrom"}}[{RATE}])'}),
        ("Releases", "short", "Processes by service and version.", {
            "{{service}} {{version}}": "count by (service, version) (satzstrom_build_info)"}),
    ]),
]  # fmt: skip


def board() -> dict[str, Any]:
    """Return the board as Grafana reads it."""
    panels: list[dict[str, Any]] = []
    y = 0
    for title, row in ROWS:
        panels.append({"type": "row", "title": title, "id": len(panels) + 1, "gridPos": _place(0, y, 24, 1)})
        y += 1
        for number, (name, unit, meaning, expressions) in enumerate(row):
            panels.append(
                {
                    "type": "timeseries",
                    "title": name,
                    "description": meaning,
                    "id": len(panels) + 1,
                    "datasource": {"type": "prometheus", "uid": "satzstrom"},
                    "gridPos": _place(8 * (number % 3), y + 8 * (number // 3), 8, 8),
                    "fieldConfig": {"defaults": {"unit": unit, "min": 0}, "overrides": []},
                    "targets": [
                        {"refId": chr(ord("A") + place), "expr": expression, "legendFormat": legend}
                        for place, (legend, expression) in enumerate(expressions.items())
                    ],
                }
            )
        y += 8 * -(-len(row) // 3)
    return {
        "uid": "satzstrom",
        "title": "Satzstrom",
        "schemaVersion": 41,
        "refresh": "10s",
        "time": {"from": "now-1h", "to": "now"},
        "panels": panels,
    }


def _place(x: int, y: int, width: int, height: int) -> dict[str, int]:
    return {"x": x, "y": y, "w": width, "h": height}


if __name__ == "__main__":
    json.dump(board(), sys.stdout, indent=1)
    sys.stdout.write("\n")
