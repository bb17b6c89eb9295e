"""Nothing lost, nothing twice, nothing out of place, whatever is killed, stopped, scaled or full."""

import json
import random
import statistics
import subprocess
import sys
from pathlib import Path

import pytest

from embedded.chaos import documents
from embedded.chaos.documents import DIES, FAILS, Document, Harm, harm
from embedded.chaos.fault import Ledger, Target
from embedded.chaos.faults import FaultOptions, Faults
from embedded.chaos.growth import Growth
from tests.conftest import ROOT
from translator.engines import identity

FULL_DISK = "full disk under mongodb"


@pytest.mark.timeout(1020)
def test_documents_are_whole_after_every_kind_of_fault(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    command = [sys.executable, "-m", "producer", "chaos", "--once", "--seed", "20261121", "--json"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, timeout=1000, check=False)
    assert done.returncode == 0, done.stderr.decode()
    findings = json.loads(done.stdout)
    assert findings["problems"] == []
    assert (findings["lost"], findings["doubled"], findings["changed_bytes"]) == (0, 0, 0)
    assert findings["documents"] > len(findings["recovery"])
    assert findings["dead_letters"] > 5
    assert findings["hostile"] > 0
    assert findings["deleted"] > 0
    assert findings["groups"] == 5
    kinds = {
        kind.name for kind in Faults(Target(tmp_path), random.Random(1), Ledger(), FaultOptions(short=True)).kinds()
    }
    assert findings["recovery"].keys() | findings["skipped"].keys() == kinds | {FULL_DISK}
    slowest = {kind: max(seconds) for kind, seconds in findings["recovery"].items()}
    with capsys.disabled():
        print(f"\nrecovery, median: {statistics.median(slowest.values()):.1f} s")  # noqa: T201 (figures for the log)
        for kind, seconds in sorted(slowest.items()):
            print(f"{kind:<34} {seconds:.1f} s")  # noqa: T201 (as above)
        for kind, reason in findings["skipped"].items():
            print(f"{kind:<34} left out: {reason}")  # noqa: T201 (as above)


def test_harm_is_noticed() -> None:
    document = Document("d", 12)
    target = document.target
    assert target.replace("⟦", "").replace("⟧", "") == document.source
    assert not harm(document, target)
    sentences = target.split("⟦")
    assert harm(document, "⟦".join(sentences[:3] + sentences[4:])).lost == 1
    assert harm(document, "⟦".join([*sentences[:3], sentences[2], *sentences[3:]])).doubled == 1
    swapped = "⟦".join([*sentences[:3], sentences[4], sentences[3], *sentences[5:]])
    assert harm(document, swapped).changed_bytes > 0
    assert harm(document, target.replace(f"⟦{document.sentence(5)}⟧", document.sentence(5))).lost == 1
    assert harm(document, target[:-1]) == Harm(changed_bytes=1)


def test_sentences_on_which_the_engine_goes_wrong_are_to_be_kept() -> None:
    assert (documents.FAILS, documents.DIES, documents.SLOW) == (identity.FAILS, identity.DIES, identity.SLOW)
    document = Document("d", 9, {2: FAILS, 5: DIES, 7: documents.SLOW})
    assert document.failing == [document.sentence(2), document.sentence(5)]
    assert all(sentence in document.target and f"⟦{sentence}" not in document.target for sentence in document.failing)
    assert f"⟦{document.sentence(7)}⟧" in document.target


def test_growth_is_noticed() -> None:
    def problem(process: str, mb: float, files: float) -> str | None:
        return Growth(process, 30, 100, 100 + mb, 20, 20 + files).problem

    assert problem("sink", 20, 10) is None
    assert problem("sink", 40, 0) == "sink has grown from 100 to 140 MB"
    assert problem("sink", 0, 20) == "sink had 20 files open, and has 40"
    assert problem("kafka", 40, 0) is None, "it may take its heap"
    assert problem("kafka-2", 40, 0) is None
    assert problem("kafka", 800, 0) is not None
    assert problem("mongodb-1", 0, 40) is None, "it may have become the primary"
    assert problem("mongodb-1", 0, 320) is not None
    assert problem("mongodb", 0, 40) is not None
