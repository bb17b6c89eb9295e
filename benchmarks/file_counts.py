"""What became of a document: what was missed, cut and changed, and whether it opens."""

import subprocess
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

_OFFICE = (".docx", ".docm", ".pptx", ".odt", ".odp")
NAMES = ("missed", "cut at markup", "kept sent", "opens", "parts changed needlessly")


@dataclass
class Outcome:
    """What one side made of a file."""

    texts: list[str] = field(default_factory=list)
    seconds: float = 0.0
    error: str = ""


def counts(about: Mapping[str, Any], outcome: Outcome, source: Path, folder: Path, opened: set[str]) -> list[str]:
    """Return what `NAMES` says, in that order."""
    texts = [_plain(text) for text in outcome.texts]
    wanted = about.get("translate", [])
    kept = [one for one in about.get("keep", []) if not any(one in text for text in wanted)]
    inline = about.get("inline", [])
    missed, cut, touched = (
        (sum(not _reached(one, texts) for one in wanted), len(wanted)),
        (sum(not _reached(one["in"], texts) for one in inline), len(inline)),
        (sum(_reached(one, texts) for one in kept), len(kept)),
    )
    found = [f"{number} of {of}" if of else "–" for number, of in (missed, cut, touched)]
    name = about["file"]
    results = list(folder.glob(f"{name.replace('/', '-')}*"))
    if outcome.error or not results:
        return [*found, "no file", "–"]
    opens = "–" if results[0].suffix not in _OFFICE else "yes" if results[0].stem in opened else "no"
    return [*found, opens, _changed(source, Path(f"{folder}-same", results[0].name))]


def _reached(wanted: str, texts: list[str]) -> bool:
    return any(_plain(wanted) in text for text in texts)


def _plain(text: str) -> str:
    return " ".join(text.split())


def _changed(before: Path, after: Path) -> str:
    """Return how many parts have other bytes than before though all translations are their sources."""
    if before.suffix != after.suffix or before.suffix == ".pdf":
        return "–"
    if not zipfile.is_zipfile(before):
        return f"{int(before.read_bytes() != after.read_bytes())} of 1"
    with zipfile.ZipFile(before) as one, zipfile.ZipFile(after) as other:
        kept = set(other.namelist())
        changed = sum(name not in kept or one.read(name) != other.read(name) for name in one.namelist())
        return f"{changed} of {len(one.namelist())}"


def opened(folder: Path) -> set[str]:
    """Return the stems of the files that LibreOffice opens; it does not read books, which are left out."""
    results = folder / "opened"
    files = [str(path) for path in sorted(folder.iterdir()) if path.suffix in _OFFICE]
    profile = f"-env:UserInstallation={folder.resolve().as_uri()}/profile"
    command = ["soffice", profile, "--headless", "--convert-to", "pdf", "--outdir", str(results), *files]
    subprocess.run(command, check=False, capture_output=True, timeout=600)
    return {path.stem for path in results.glob("*.pdf")}
