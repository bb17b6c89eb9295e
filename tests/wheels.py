"""The client library as its users get it: a wheel in an environment that has what the wheel asks for, and nothing else."""

import importlib.metadata
import re
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

from tests.conftest import ROOT

_NAME = re.compile(r"[A-Za-z0-9._-]+")


def build(folder: Path) -> Path:
    """Build the wheel without a network, from a copy of its files, and return it."""
    source = folder / "source"
    shutil.copytree(ROOT / "satzstrom", source, ignore=shutil.ignore_patterns("build", "*.egg-info", "__pycache__"))
    _run(sys.executable, "-m", "pip", "wheel", "--quiet", "--no-deps", "--no-index", "--no-build-isolation",
         "--wheel-dir", str(folder), str(source))  # fmt: skip
    (wheel,) = folder.glob("*.whl")
    return wheel


def install(wheel: Path, folder: Path) -> Path:
    """Make an environment of the wheel and of what it needs, as that is installed here; return its Python."""
    _run(sys.executable, "-m", "venv", "--without-pip", str(folder))
    (packages,) = folder.glob("lib/python3*/site-packages")
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(packages)
    (metadata,) = packages.glob("*.dist-info/METADATA")
    wanted = [line.partition(": ")[2] for line in metadata.read_text(encoding="utf-8").splitlines()
              if line.startswith("Requires-Dist: ")]  # fmt: skip
    copied: set[str] = set()
    while wanted:
        requirement = wanted.pop()
        found = _NAME.match(requirement)
        assert found
        name = found[0].lower()
        # Of requirements under conditions ("; extra == …") none is for a plain installation of these.
        if name in copied or "extra ==" in requirement or not _installed(name):
            continue
        copied.add(name)
        distribution = importlib.metadata.distribution(name)
        wanted += distribution.requires or []
        for file in distribution.files or []:
            if file.parts[0] != ".." and "__pycache__" not in file.parts:
                target = packages / str(file)
                target.parent.mkdir(parents=True, exist_ok=True)
                shutil.copy2(str(file.locate()), target)
    return folder / "bin" / "python"


def _installed(name: str) -> bool:
    try:
        importlib.metadata.distribution(name)
    except importlib.metadata.PackageNotFoundError:
        return False
    return True


def _run(*command: str) -> None:
    done = subprocess.run(command, capture_output=True, text=True, timeout=100, check=False)
    assert done.returncode == 0, done.stderr
