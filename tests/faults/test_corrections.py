"""Corrections through the death of everything, one after the other."""

import os
import signal
import threading
from functools import partial

import httpx

from tests.e2e.conftest import CommandLine
from tests.e2e.test_supervisor import gone
from tests.e2e.test_translators_hour import PAIR, correct, done, line, sentences, start
from tests.waiting import until

__all__ = ["line"]

_WITHIN = 60
_SENTENCES = 60


def _reached(saved: list[int], failed: list[BaseException], wanted: int) -> bool:
    return saved[0] >= wanted or bool(failed)


def _with(line: CommandLine, name: str) -> dict[str, int] | None:
    pids = line.pids()
    return pids if pids.get(name) else None


def test_no_correction_is_lost_or_made_twice_when_something_is_killed(line: CommandLine) -> None:
    text = "\n".join(f"Das ist der Satz mit der Nummer {one}." for one in range(_SENTENCES))
    victims = ["api", "mongodb", "segmenter", "sink", "kafka", "translator-1", "api", "supervisor"]
    with httpx.Client(base_url=line.ps()["api"], timeout=20) as http:
        assert http.post("/v1/documents", json={"id": "d", "text": text, **PAIR}).status_code == 202
        done(http, "d")
        left = iter(range(_SENTENCES))
        taking, saved = threading.Lock(), [0]

        def work() -> None:
            with httpx.Client(base_url=http.base_url, timeout=20) as mine:
                while True:
                    with taking:
                        index = next(left, None)
                    if index is None:
                        return
                    found = correct(mine, "d", index, text=f"Sentence {index}.", approved=index % 2 == 0)
                    assert (found["translation"], found["version"]) == (f"Sentence {index}.", 1)
                    saved[0] += 1

        failed: list[BaseException] = []

        def guarded() -> None:
            try:
                work()
            except BaseException as error:
                failed.append(error)
                raise

        workers = [threading.Thread(target=guarded) for _ in range(4)]
        for worker in workers:
            worker.start()
        for number, victim in enumerate(victims):
            # Each in the middle of the work.
            wanted = (number + 1) * _SENTENCES // (len(victims) + 2)
            until(partial(_reached, saved, failed, wanted), what=f"{wanted} corrections")
            pids = until(partial(_with, line, victim), what=victim)
            os.kill(pids[victim], signal.SIGKILL)
            if victim == "supervisor":
                # All others end with it.
                assert gone(pids, 15) == {}
                start(line)
        for worker in workers:
            worker.join(2 * _WITHIN)
        assert not failed
        status = until(lambda: http.get("/v1/documents/d").json(), what="the status")
        assert (status["edits"], status["sentences"]["corrected"], status["sentences"]["approved"]) == (
            _SENTENCES, _SENTENCES, _SENTENCES // 2,
        )  # fmt: skip
        found = sentences(http, "d")
        assert [one["translation"] for one in found] == [f"Sentence {index}." for index in range(_SENTENCES)]
        assert {one["version"] for one in found} == {1}
        # Each is in the memory, once, with what was corrected.
        again = {"id": "again", "text": text, **PAIR}
        assert http.post("/v1/documents", json=again).status_code == 202
        status = done(http, "again")
        assert status["sentences"]["remembered"] == _SENTENCES
        assert [one["translation"] for one in sentences(http, "again")] == [one["translation"] for one in found]
