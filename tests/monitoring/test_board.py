"""The board and the alerts on a real Prometheus (Debian: prometheus) that watches a running pipeline."""

import json
import re
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
import yaml

from embedded.ports import free_port
from tests.conftest import ROOT
from tests.e2e.conftest import CommandLine
from tests.waiting import until

MONITORING = ROOT / "deploy" / "monitoring"
BOARD = json.loads((MONITORING / "grafana" / "dashboards" / "satzstrom.json").read_text())
ALERTS = yaml.safe_load((MONITORING / "alerts.yml").read_text())
EXPRESSIONS = {
    f"{panel['title']}, {target['legendFormat']}": target["expr"]
    for panel in BOARD["panels"]
    for target in panel.get("targets", [])
} | {
    # Whether an alert fires is tested by alerts_test.yml; here, that what it looks at exists.
    rule["alert"]: re.sub(r" (>|==) [\d.]+", "", rule["expr"])
    for group in ALERTS["groups"]
    for rule in group["rules"]
}


@pytest.fixture(scope="module")
def prometheus(tmp_path_factory: pytest.TempPathFactory) -> Iterator[httpx.Client]:
    """A Prometheus that has watched a pipeline at work for a while."""
    assert shutil.which("prometheus"), "needs Prometheus (Debian and Ubuntu: apt install prometheus)"
    line = CommandLine(tmp_path_factory.mktemp("pipeline"))
    folder = tmp_path_factory.mktemp("prometheus")
    line.run("up", "--detach", "--port", "18400")
    try:
        state = line.ps()
        targets = [process["metrics"].split("/")[2] for process in state["processes"] if process["metrics"]]
        assert len(targets) == 4
        config = {
            "global": {"scrape_interval": "1s"},
            "scrape_configs": [{"job_name": "satzstrom", "static_configs": [{"targets": targets}]}],
        }
        (folder / "prometheus.yml").write_text(json.dumps(config))
        port = free_port(19090, set())
        server = subprocess.Popen(
            [
                "prometheus", f"--config.file={folder}/prometheus.yml", f"--storage.tsdb.path={folder}/data",
                f"--web.listen-address=127.0.0.1:{port}",
            ],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )  # fmt: skip
        try:
            with httpx.Client(base_url=f"http://127.0.0.1:{port}", timeout=10) as client:
                work(line, client)
                yield client
        finally:
            server.terminate()
            server.wait(20)
    finally:
        line.run("down")


def work(line: CommandLine, client: httpx.Client) -> None:
    """Send documents, and a record that cannot be used, until Prometheus has seen all of it."""

    def answers() -> bool:
        try:
            return client.get("/-/ready").status_code == 200
        except httpx.TransportError:
            return False

    until(answers, what="Prometheus")
    producer = (
        "import asyncio\n"
        "from pipeline.kafka import KafkaClients\n"
        "from pipeline.publisher import Outgoing, Publisher\n"
        "async def main():\n"
        f"    publisher = Publisher(KafkaClients({line.ps()['kafka']!r}))\n"
        "    await publisher.start()\n"
        "    await publisher.publish([Outgoing('documents', b'{')])\n"
        "    await publisher.stop()\n"
        "asyncio.run(main())\n"
    )
    subprocess.run([sys.executable, "-c", producer], cwd=ROOT, check=True)
    # A rate needs something that changes between two looks.
    number = 4711
    deadline = time.monotonic() + 40
    while time.monotonic() < deadline and not all(has_data(query(client, one)) for one in EXPRESSIONS.values()):
        # Each another text, so that a model has work, and one that comes again, so that the memory has.
        number += 1
        for house in (number, 4711):
            line.run("submit", "-", "--wait", stdin=f"Das ist Haus {house}. Es hat {house} Türen.".encode())


def query(client: httpx.Client, expression: str) -> list[dict[str, Any]]:
    """Return what Prometheus knows."""
    # No window shorter than this has two samples of everything; Grafana chooses one by itself.
    answer = client.get("/api/v1/query", params={"query": expression.replace("$__rate_interval", "2m")})
    assert answer.status_code == 200, answer.text
    found: list[dict[str, Any]] = answer.json()["data"]["result"]
    return found


def has_data(found: list[dict[str, Any]]) -> bool:
    """Whether there is a number in it."""
    return any(result["value"][1] != "NaN" for result in found)


@pytest.mark.parametrize("name", EXPRESSIONS)
def test_every_panel_and_alert_finds_data(prometheus: httpx.Client, name: str) -> None:
    expression = EXPRESSIONS[name]
    found = query(prometheus, expression)
    assert has_data(found), (expression, found)


def test_the_rules_are_valid_and_fire_when_they_should() -> None:
    for command in (["check", "rules", "alerts.yml"], ["test", "rules", "alerts_test.yml"]):
        done = subprocess.run(["promtool", *command], cwd=MONITORING, capture_output=True, check=False)
        assert done.returncode == 0, done.stdout + done.stderr


def test_the_configuration_is_valid() -> None:
    done = subprocess.run(
        ["promtool", "check", "config", "--syntax-only", "prometheus.yml"],
        cwd=MONITORING,
        capture_output=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr


def test_the_board_is_the_one_that_its_source_makes() -> None:
    made = subprocess.run([sys.executable, MONITORING / "board.py"], stdout=subprocess.PIPE, check=True).stdout
    assert made == Path(MONITORING / "grafana" / "dashboards" / "satzstrom.json").read_bytes()
