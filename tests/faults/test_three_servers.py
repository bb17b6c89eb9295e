"""Three brokers, and three nodes of MongoDB: one of each may be away for as long as it likes, and the work goes on."""

import asyncio
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest

from embedded.chaos.checks import check_all
from embedded.chaos.documents import Document, harm
from embedded.chaos.fault import Ledger, Target
from embedded.chaos.findings import Findings
from embedded.chaos.guests import SETTINGS
from embedded.chaos.servers import find_primary
from embedded.chaos.workload import submit, translate, translation
from pipeline.consumers import started
from pipeline.kafka import KafkaClients
from pipeline.topics import Topics
from satzstrom import Client, SatzstromError
from tests.conftest import ROOT
from tests.waiting import until

_SENTENCES = 8_000
# While one is away, so many sentences have to come; with two translators that takes some seconds.
_MEANWHILE = 1_500
# A broker that is gone is noticed after nine seconds, a primary of MongoDB after ten.
_WITHIN = 45.0


@pytest.fixture
def target(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Target]:
    """A pipeline on three nodes of each server, which takes its time."""
    slow = {"SATZSTROM_IDENTITY_BATCH_SECONDS": "0.05", "SATZSTROM_DATA": str(tmp_path)}
    for name, value in (SETTINGS | slow).items():
        monkeypatch.setenv(name, value)
    command = [sys.executable, "-m", "producer"]
    options = ("--engine", "marking", "--translators", "2", "--port", "18900", "--servers", "3")
    subprocess.run([*command, "up", "--detach", *options], cwd=ROOT, check=True, stdout=subprocess.DEVNULL, timeout=120)
    try:
        yield Target(tmp_path)
    finally:
        subprocess.run([*command, "down"], cwd=ROOT, check=True, stdout=subprocess.DEVNULL, timeout=60)


def test_nothing_stops_and_nothing_is_lost_while_a_broker_and_then_the_primary_are_away(
    target: Target, capsys: pytest.CaptureFixture[str]
) -> None:
    running = target.running()
    book = Document("book", _SENTENCES)
    sent = [book]
    with Client(running.api, timeout=10) as client:
        submit(client, book)
        _wait(client, 500)
        for who in (_coordinator(running.kafka), find_primary(target)):
            seconds = _keep_away(target, client, who)
            with capsys.disabled():
                print(f"\nwithout {who}: {_MEANWHILE} sentences in {seconds:.1f} s")  # noqa: T201 (figures for the log)
            assert client.status(book.id).state == "translating", "the book was to be longer than what struck it"
            note = Document(f"note-{who}", 3)
            assert translate(client, note) == note.target
            sent.append(note)
        assert not harm(book, translation(client, book))
        findings = Findings()
        check_all(client, target.running(), sent, Ledger(), findings)
    assert findings.problems == []
    restarts = {one.name: one.restarts for one in target.running().processes}
    assert {name for name, times in restarts.items() if times and not name.startswith(("kafka-", "mongodb-"))} == set()


def _translated(client: Client) -> int:
    # The API waits for the servers itself, up to its own patience.
    with suppress(SatzstromError):
        return client.status("book").sentences.translated
    return 0


def _wait(client: Client, sentences: int) -> None:
    until(lambda: _translated(client) >= sentences, within=_WITHIN, what=f"{sentences} sentences")


def _keep_away(target: Target, client: Client, name: str) -> float:
    """Kill a process, and again whenever it comes back, until more of the book is there; return how long that took."""
    began = time.monotonic()
    wanted = None
    while True:
        target.signal(signal.SIGKILL, [name])
        translated = _translated(client)
        wanted = wanted or (translated and translated + _MEANWHILE)
        if wanted and translated >= wanted:
            return time.monotonic() - began
        assert time.monotonic() < began + _WITHIN, f"without {name} the book stands at {translated} sentences"
        time.sleep(0.05)


def _coordinator(address: str) -> str:
    """Return the broker that keeps the translators together, which is the worst one to lose."""

    async def ask() -> int:
        admin = KafkaClients(address).admin()
        async with started(admin):
            node: int = await admin.find_coordinator(Topics().group("translator.bulk"))
            return node

    return f"kafka-{asyncio.run(ask())}"
