"""What a document says is in no log and no metric, and its files are for their owner only."""

import stat
from typing import Any

import httpx
from pymongo import MongoClient

from tests.e2e.conftest import CommandLine

MARK = "Geheimwortschatzkiste"


def test_no_log_and_no_metric_has_a_text(pipeline: CommandLine) -> None:
    text = "".join(f"Hier steht {MARK} in Satz {number}. " for number in range(5000))
    pipeline.run("submit", "-", "--wait", "-q", "--id", "private", stdin=text.encode())
    pipeline.run("search", MARK)
    logs = list((pipeline.data / "logs").iterdir())
    assert len(logs) >= 6
    assert [log.name for log in logs if MARK.encode() in log.read_bytes()] == []
    state = pipeline.ps()
    addresses = [process["metrics"] for process in state["processes"] if process["metrics"]]
    assert len(addresses) >= 4
    assert [address for address in addresses if MARK in httpx.get(address).text] == []
    # What MongoDB calls slow it logs as it was sent.
    with MongoClient[dict[str, Any]](state["mongodb"]) as client:
        found = client["satzstrom"].command({"profile": -1})
    assert (found["was"], found["slowms"]) == (0, 100_000_000)


def test_files_are_for_their_owner_only(pipeline: CommandLine) -> None:
    # Compaction and checkpoints remove files at any time.
    modes = {path: path.stat().st_mode for path in pipeline.data.rglob("*") if path.exists() and not path.is_symlink()}
    assert len(modes) > 20
    assert [path for path, mode in modes.items() if stat.S_IMODE(mode) & 0o077] == []
