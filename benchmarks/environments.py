"""Throw-away environments for programs that the project is compared with, and that are no part of it."""

import hashlib
import os
import shutil
import subprocess
import sys
from pathlib import Path

from pipeline.errors import SetupError


def python_with(name: str, *requirements: str) -> Path:
    """Return the Python of an environment that has the packages; made once, in the cache, as the package index has them.

    Raises `SetupError` when they cannot be installed.
    """
    cache = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "satzstrom" / "benchmarks"
    key = hashlib.sha256(repr((sys.version, requirements)).encode()).hexdigest()[:12]
    folder = cache / f"{name}-{key}"
    python = folder / "bin" / "python"
    done = folder / "complete"
    if not done.exists():
        shutil.rmtree(folder, ignore_errors=True)
        print(f"  installing {', '.join(requirements)} into {folder} ...", flush=True)
        subprocess.run([sys.executable, "-m", "venv", str(folder)], check=True)
        install = [str(python), "-m", "pip", "install", "--quiet", "--disable-pip-version-check", *requirements]
        said = subprocess.run(install, capture_output=True, text=True, check=False)
        if said.returncode:
            raise SetupError(f"{name} cannot be installed: {said.stderr.strip().splitlines()[-1]}")
        done.touch()
    return python
