"""What came of a run, and how it is told."""

import statistics
from collections.abc import Collection
from dataclasses import dataclass, field

from rich.console import Console
from rich.table import Table

from embedded.chaos.documents import Document, Harm, harm
from embedded.chaos.growth import Growth
from pipeline.counted import counted


@dataclass
class Findings:
    """What came of a run."""

    documents: int = 0
    sentences: int = 0
    harmed: dict[str, Harm] = field(default_factory=dict)
    """Document → what is wrong with its translation."""
    lost: int = 0
    doubled: int = 0
    changed_bytes: int = 0
    dead_letters: int = 0
    """Sentences that the engine cannot translate, each of them found among the dead letters."""
    hostile: int = 0
    """Records that cannot be right, each of them found among the dead letters."""
    deleted: int = 0
    """Documents of which nothing is left, though their deletion was interrupted."""
    groups: int = 0
    """Consumer groups that have committed the end of all their topics."""
    recovery: dict[str, list[float]] = field(default_factory=dict)
    """Kind of fault → seconds until a document that was sent after it was translated."""
    seconds: float = 0.0
    """From the first fault to the last recovery."""
    skipped: dict[str, str] = field(default_factory=dict)
    """Kind of fault that this machine does not allow → why."""
    growth: list[Growth] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)
    """Everything that is not as it has to be, one line each; a run without any has passed."""

    @property
    def faults(self) -> int:
        """How many faults there were."""
        return sum(map(len, self.recovery.values()))

    def compare(self, document: Document, found: str) -> None:
        """Note what is wrong with a document's translation, if anything is."""
        if wrong := harm(document, found):
            self.harmed[document.id] = wrong

    def add_up(self, documents: Collection[Document]) -> None:
        """Make the totals; `documents` are all that were sent."""
        self.documents = len(documents)
        self.sentences = sum(document.sentences for document in documents)
        self.lost = sum(wrong.lost for wrong in self.harmed.values())
        self.doubled = sum(wrong.doubled for wrong in self.harmed.values())
        self.changed_bytes = sum(wrong.changed_bytes for wrong in self.harmed.values())
        self.problems += [
            f"document {name}: {counted(wrong.lost, 'sentence')} lost, {wrong.doubled} doubled, "
            f"{counted(wrong.changed_bytes, 'byte')} changed"
            for name, wrong in self.harmed.items()
        ]
        self.problems += [one.problem for one in self.growth if one.problem]


def show(findings: Findings, console: Console) -> None:
    """Print the findings for people."""
    table = Table("fault", "times", "recovery, median s", "longest s", box=None)
    for name, seconds in sorted(findings.recovery.items()):
        table.add_row(name, str(len(seconds)), f"{statistics.median(seconds):.1f}", f"{max(seconds):.1f}")
    console.print(table)
    for name, reason in findings.skipped.items():
        console.print(f"left out: {name} ({reason})", soft_wrap=True)
    totals = Table(box=None, show_header=False)
    totals.add_row("faults", f"{findings.faults} in {findings.seconds:.0f} s")
    totals.add_row("documents", f"{findings.documents} of {counted(findings.sentences, 'sentence')} together")
    totals.add_row("sentences lost", str(findings.lost))
    totals.add_row("sentences doubled", str(findings.doubled))
    totals.add_row("bytes changed", str(findings.changed_bytes))
    totals.add_row("dead letters", f"{findings.dead_letters}, those that had to be")
    totals.add_row("hostile records", f"{findings.hostile}, each a dead letter")
    totals.add_row("interrupted deletions", f"{findings.deleted}, of which nothing is left")
    totals.add_row("groups at the end of their topics", str(findings.groups))
    console.print(totals)
    console.print()
    growth = Table("process", "samples", "memory MB", "", "files", "", box=None)
    for one in findings.growth:
        memory = f"{one.first_mb:.0f}", f"→ {one.last_mb:.0f}"
        growth.add_row(one.process, str(one.samples), *memory, f"{one.first_files:.0f}", f"→ {one.last_files:.0f}")
    console.print(growth)
    for problem in findings.problems:
        console.print(f"[red]wrong[/]: {problem}", soft_wrap=True)
