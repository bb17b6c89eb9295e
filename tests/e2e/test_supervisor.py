"""Starting, stopping, crashing."""

import json
import os
import signal
import socket
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import psutil
import pytest

from tests.e2e.conftest import CommandLine
from tests.speed import Stopwatch
from tests.waiting import until


def gone(pids: dict[str, int], within: float) -> dict[str, int]:
    """Wait until no process is left, and return those that are."""
    deadline = time.monotonic() + within
    while left := {name: pid for name, pid in pids.items() if _runs(pid)}:
        if time.monotonic() > deadline:
            break
        time.sleep(0.05)
    return left


def _runs(pid: int) -> bool:
    try:
        return psutil.Process(pid).status() != psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return False


@pytest.fixture
def fresh(tmp_path: Path) -> Iterator[CommandLine]:
    line = CommandLine(tmp_path / "data")
    yield line
    line.run("down", check=False)


# It starts a pipeline twice.
def test_up_ps_down_and_up_again(fresh: CommandLine) -> None:
    up = fresh.run("up", "-d", "--engine", "identity", "--translators", "2", "--port", "18200")
    state = fresh.ps()
    said = up.stdout.decode().strip().splitlines()
    assert said[0] == f"Satzstrom is ready. Open {state['api']} in a browser."
    assert said[2].split() == ["Stop", "it", "satzstrom", "down"]
    assert {process["name"] for process in state["processes"]} == {
        "kafka",
        "mongodb",
        "segmenter",
        "translator-1",
        "translator-2",
        "sink",
        "api",
    }
    assert all(process["state"] == "running" and process["restarts"] == 0 for process in state["processes"])
    assert state["api"].startswith("http://127.0.0.1:182")
    assert "already runs" in fresh.fails("up", "-d")
    assert fresh.run("submit", "-", "--wait", "-q", "--id", "kept", stdin=b"Bleibt da.").stdout == b"Bleibt da."
    pids = fresh.pids()
    watch = Stopwatch()
    fresh.run("down")
    # What does not end within fifteen seconds is killed.
    watch.check(15 + 3)
    assert gone(pids, 1) == {}
    assert "no pipeline runs" in fresh.fails("ps")
    assert b"No pipeline runs" in fresh.run("down").stdout

    assert "is no address of this machine" in fresh.fails("up", "--host", "192.0.2.7", status=2)
    up = fresh.run("up", "-d", "--engine", "identity", "--port", "18300", "--host", "0.0.0.0")
    others_need_a_key(fresh, up.stdout.decode())


def others_need_a_key(line: CommandLine, said: str) -> None:
    """Nobody is let in without a key where others reach the API; data lasts, also behind other ports."""
    (command,) = [text.strip() for text in said.splitlines() if text.startswith("  satzstrom keys create")]
    with httpx.Client(base_url=line.ps()["api"], timeout=100) as http:
        paths = [path for path, item in http.get("/openapi.json").json()["paths"].items() if "get" in item]
        documents = [path for path in paths if path.startswith(("/v1/", "/v2/"))]
        assert len(documents) > 20
        assert {http.get(path).status_code for path in documents} <= {401, 403}
        assert http.post("/v1/documents", json={"text": "Guten Tag."}).status_code == 401
        assert http.get("/").status_code == 200
    assert "SATZSTROM_API_KEY" in line.fails("get", "kept")
    key = line.run(*command.split()[1:], "--admin").stdout.decode().strip()
    assert line.run("get", "kept", environment={"SATZSTROM_API_KEY": key}).stdout == b"Bleibt da."
    (listed,) = json.loads(line.run("keys", "list", "--json").stdout)
    assert listed["name"] == "phone"
    assert "a number from 1" in line.run("keys", "change", listed["id"], "--requests", "0", check=False).stderr.decode()
    assert "say what to change" in line.fails("keys", "change", listed["id"], status=2)
    assert b"api" in line.run("logs", "api", "-n", "5").stdout + line.run("logs").stdout
    assert "there is no log of 'nothing'" in line.fails("logs", "nothing", status=2)


def test_without_a_pipeline_there_is_one_line_at_once(tmp_path: Path) -> None:
    nothing = CommandLine(tmp_path / "data")
    for arguments in (("keys", "list"), ("keys", "create", "phone"), ("backup", str(tmp_path / "b")), ("logs",)):
        watch = Stopwatch()
        done = nothing.run(*arguments, check=False)
        assert (done.returncode, len(done.stderr.splitlines())) == (1, 1), done.stderr
        assert b"satzstrom up" in done.stderr
        watch.check(30)


def test_what_works_in_bulk_lets_the_others_go_first(pipeline: CommandLine) -> None:
    processes = {process["name"]: process["pid"] for process in pipeline.ps()["processes"]}
    own = os.getpriority(os.PRIO_PROCESS, 0)
    later = {name for name, pid in processes.items() if os.getpriority(os.PRIO_PROCESS, pid) > own}
    assert later == {"segmenter", "translator-1"}
    # Between sessions niceness would count for nothing.
    assert len({os.getsid(pid) for pid in processes.values()}) == 1


def translators(line: CommandLine) -> dict[str, int]:
    return {process["name"]: process["pid"] for process in line.ps()["processes"] if "translator" in process["name"]}


def test_translators_come_and_go_while_documents_are_under_way(fresh: CommandLine) -> None:
    assert "no pipeline runs" in fresh.fails("scale", "2")
    slow = {"SATZSTROM_IDENTITY_BATCH_SECONDS": "0.05"}
    fresh.run("up", "-d", "--engine", "identity", "--port", "18600", environment=slow)
    text = "".join(f"Das ist der Satz mit der Nummer {number}.\n\n" for number in range(3000)).encode()
    fresh.run("submit", "-", "-q", "--id", "book", stdin=text)
    first = translators(fresh)
    assert list(first) == ["translator-1"]
    assert b"4 translators run." in fresh.run("scale", "4").stdout
    four = translators(fresh)
    assert sorted(four) == [f"translator-{number}" for number in range(1, 5)]
    assert four["translator-1"] == first["translator-1"]
    assert b"1 translator runs." in fresh.run("scale", "1").stdout
    assert translators(fresh) == first
    assert gone({name: pid for name, pid in four.items() if name not in first}, 1) == {}
    log = (fresh.data / "logs" / "supervisor.log").read_text()
    assert "killing it" not in log
    assert "starting it again" not in log, "they were stopped in order, and for good"
    fresh.run("watch", "book", "--quiet")
    assert fresh.run("get", "book").stdout == text


def test_two_pipelines_side_by_side(fresh: CommandLine, pipeline: CommandLine) -> None:
    with socket.create_server(("127.0.0.1", 18400)):
        done = fresh.run("up", "-d", "--engine", "identity", "--port", "18400")
        assert "http://127.0.0.1:18401" in done.stdout.decode()
        log = (fresh.data / "logs" / "supervisor.log").read_text()
        assert "port 18400 is taken; the API listens on 18401" in log
    for line in (fresh, pipeline):
        assert line.run("submit", "-", "--wait", "-q", stdin=b"Hier.").stdout == b"Hier."
    assert not {fresh.ps()[name] for name in ("kafka", "mongodb", "api")} & {
        pipeline.ps()[name] for name in ("kafka", "mongodb", "api")
    }


@pytest.mark.parametrize("name", ["segmenter", "translator-1", "sink", "api", "mongodb", "kafka"])
def test_a_killed_process_is_started_again(pipeline: CommandLine, name: str) -> None:
    before = {process["name"]: process for process in pipeline.ps()["processes"]}[name]
    os.kill(before["pid"], signal.SIGKILL)

    def again() -> Any:
        now = {process["name"]: process for process in pipeline.ps()["processes"]}[name]
        return now["state"] == "running" and now["restarts"] > before["restarts"]

    until(again, what=f"{name} again")
    log = (pipeline.data / "logs" / "supervisor.log").read_text()
    assert f"{name} ended with status -9; starting it again" in log
    text = f"Nach dem Absturz von {name} geht es weiter. Ganz ohne Verlust."
    submit = ("submit", "-", "--wait", "-q", "--id", f"after-{name}")
    done = until(
        lambda: pipeline.run(*submit, stdin=text.encode(), check=False).stdout, what="a translation", every=0.2
    )
    assert done.decode() == text


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGKILL])
def test_nothing_is_left_behind(fresh: CommandLine, number: signal.Signals) -> None:
    fresh.run("up", "-d", "--engine", "identity", "--port", "18500")
    pids = fresh.pids()
    os.kill(pids["supervisor"], number)
    assert gone(pids, 15) == {}


def test_a_start_that_fails_half_way_leaves_nothing_behind(fresh: CommandLine) -> None:
    before = {process.pid for process in psutil.process_iter()}
    message = fresh.fails("up", "-d", environment={"SATZSTROM_MODELS": "/nowhere"})
    assert "cannot work as it is set up" in message
    assert "SATZSTROM_MODELS" in message
    mine = [
        process
        for process in psutil.process_iter(["pid", "cmdline"])
        if process.pid not in before and str(fresh.data) in " ".join(process.info["cmdline"] or [])
    ]
    assert mine == []


def test_a_folder_that_cannot_be_written_is_named(fresh: CommandLine, tmp_path: Path) -> None:
    file = tmp_path / "file"
    file.touch()
    message = fresh.fails("up", "-d", "--data", str(file / "data"))
    assert f"cannot write to {file}/data" in message
    assert "--data" in message
    (fresh.data / "kafka").parent.mkdir()
    (fresh.data / "kafka").touch()
    assert "cannot" in fresh.fails("up", "-d")
