"""The services of a pipeline on one machine: what each is started with."""

import base64
import os
import secrets
import sys
from collections.abc import Callable
from dataclasses import dataclass
from ipaddress import ip_address
from pathlib import Path

from embedded.child import Child
from embedded.ports import LOOPBACK, free_port, release_port
from pipeline.errors import SetupError

MOST_TRANSLATORS = 32
"""As many as sentences have partitions; another one would have nothing to do."""

# The first of them; Prometheus' register of ports has it for OpenTelemetry's exporters.
_METRICS_PORT = 9464
# These can keep every core busy for hours. Whoever asks the API for something meanwhile, or uses the machine for something
# else, goes first: about nine times the share of a core (sched(7)).
_NICENESS = {"segmenter": 10, "translator": 10}


@dataclass(frozen=True)
class PipelineOptions:
    """What `satzstrom up` was asked for.

    `servers`: how many nodes Kafka and MongoDB have each; `models`: names of those that translators serve, "" for all.
    """

    data: Path
    engine: str = "ctranslate2"
    translators: int = 1
    port: int = 8000
    start_timeout: float = 120.0
    servers: int = 1
    models: str = ""
    host: str = LOOPBACK
    """Where the API listens; for others than this machine it asks for keys."""

    @property
    def is_private(self) -> bool:
        """Whether only this machine reaches the API."""
        return ip_address(self.host).is_loopback

    @property
    def local(self) -> str:
        """The API's host, for addresses that are used on this machine."""
        found = ip_address(self.host)
        if found.is_unspecified:
            return LOOPBACK if found.version == 4 else "[::1]"
        return self.host if found.version == 4 else f"[{self.host}]"


class Services:
    """Makes the processes of the services, all of them for the same Kafka and MongoDB.

    `environment`: the settings that they share. `taken`: ports that somebody else of the pipeline has.
    """

    def __init__(
        self,
        options: PipelineOptions,
        environment: dict[str, str],
        taken: set[int],
        echo: Callable[[str, str], None] | None,
    ) -> None:
        self._options = options
        self._environment = environment
        self._taken = taken
        self._echo = echo
        self._metrics: dict[str, int] = {}

    def all(self) -> list[Child]:
        """Return every service, with as many translators as the options say."""
        fixed = [self._child(name, name, self._options.translators) for name in ("segmenter", "sink", "api")]
        return fixed + self.translators(1, self._options.translators)

    def translators(self, first: int, last: int) -> list[Child]:
        """Return the translators with these numbers, where `last` is how many run from then on."""
        return [self._child(f"translator-{number}", "translator", last) for number in range(first, last + 1)]

    def metrics_address(self, name: str) -> str | None:
        """Return where a service tells its metrics; None for other processes."""
        port = self._metrics.get(name)
        return f"http://{LOOPBACK}:{port}/metrics" if port else None

    def forget(self, name: str) -> None:
        """Give back what a service had that will not be started again."""
        release_port(self._metrics.pop(name), self._taken)

    def _child(self, name: str, package: str, translators: int) -> Child:
        # Translators on one machine share its cores; one that runs already keeps the threads that it has.
        threads = max(1, len(os.sched_getaffinity(0)) // translators)
        self._metrics[name] = free_port(_METRICS_PORT, self._taken)
        environment = self._environment | {
            "SATZSTROM_HOST": LOOPBACK,
            "SATZSTROM_CALLBACK_SECRET_FILE": str(_callback_secret(self._options.data)),
            "SATZSTROM_ENGINE": self._options.engine,
            "SATZSTROM_START_TIMEOUT": str(self._options.start_timeout),
            "SATZSTROM_METRICS_PORT": str(self._metrics[name]),
            "SATZSTROM_THREADS": str(threads),
            # The numerical libraries below spaCy would start a thread a core each.
            "OMP_NUM_THREADS": str(threads),
            "OPENBLAS_NUM_THREADS": "1",
        }
        if name == "api" and not self._options.is_private:
            environment |= {"SATZSTROM_HOST": self._options.host, "SATZSTROM_REQUIRE_KEYS": "yes"}
        if self._options.models:
            environment["SATZSTROM_SERVED"] = self._options.models
        return Child(
            name,
            [sys.executable, "-m", package],
            log=self._options.data / "logs" / f"{name}.log",
            environment=environment,
            niceness=_NICENESS.get(package, 0),
            echo=self._echo,
        )


def _callback_secret(folder: Path) -> Path:
    """Return the file with the secret that signs callbacks; it is made once, as a whole, for its owner only.

    Raises `SetupError` if it cannot be written.
    """
    path = folder / "callback-secret"
    try:
        # An empty one is what an earlier release left on a full disk.
        if not path.exists() or not path.stat().st_size:
            draft = path.with_suffix(".new")
            draft.unlink(missing_ok=True)
            draft.touch(mode=0o600)
            draft.write_text("whsec_" + base64.b64encode(secrets.token_bytes(32)).decode() + "\n", encoding="utf-8")
            draft.replace(path)
    except OSError as error:
        raise SetupError(f"cannot write {path} ({error.strerror}); make room, or choose another folder") from None
    return path
