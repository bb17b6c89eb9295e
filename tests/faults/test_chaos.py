"""Nothing lost, nothing twice, nothing out of place, whatever is killed or stopped."""

import json
import statistics
import subprocess
import sys

import pytest

from embedded import chaos
from tests.conftest import ROOT


@pytest.mark.timeout(420)
def test_documents_are_whole_after_every_kind_of_fault(capsys: pytest.CaptureFixture[str]) -> None:
    command = [sys.executable, "-m", "producer", "chaos", "--once", "--seed", "20261121", "--json"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, timeout=400, check=False)
    assert done.returncode == 0, done.stderr.decode()
    findings = json.loads(done.stdout)
    assert findings["lost"] == []
    assert findings["documents"] > 0
    assert len(findings["recovery"]) > 20
    slowest = {kind: max(seconds) for kind, seconds in findings["recovery"].items()}
    with capsys.disabled():
        print(f"\nrecovery, median: {statistics.median(slowest.values()):.1f} s")  # noqa: T201 (figures for the log)
        for kind, seconds in sorted(slowest.items()):
            print(f"{kind:<32} {seconds:.1f} s")  # noqa: T201 (as above)


def test_a_fault_is_noticed_if_it_does_harm() -> None:
    source, target = chaos.text_of("d", 12)
    assert target.replace("⟦", "").replace("⟧", "") == source
    sentences = target.split("⟦")
    for harmed in (
        "⟦".join(sentences[:3] + sentences[4:]),
        "⟦".join([*sentences[:3], sentences[2], *sentences[3:]]),
        "⟦".join([*sentences[:3], sentences[4], sentences[3], *sentences[5:]]),
        target.replace("⟦Satz 5 von Dokument d steht genau hier.⟧", "Satz 5 von Dokument d steht genau hier."),
    ):
        assert harmed != target
