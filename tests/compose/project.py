"""A compose project for tests: its own name, port, secrets and volumes."""

import json
import os
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx

from embedded.ports import free_port
from tests.conftest import ROOT
from tests.waiting import until

OVERRIDES = ("gpu", "llm", "kafka", "external", "dev", "pairs", "models")
FILES = ("docker-compose.yml", *(f"compose.{name}.yml" for name in OVERRIDES))


@dataclass
class Project:
    """Runs `docker compose` on the repository's compose file."""

    name: str
    secrets: Path
    port: int
    environment: dict[str, str] = field(default_factory=dict)

    @property
    def address(self) -> str:
        """Where the API listens."""
        return f"http://127.0.0.1:{self.port}"

    def compose(self, *arguments: str, check: bool = True, stdin: bytes = b"") -> str:
        """Run a command of compose and return what it wrote."""
        settings = {
            "SATZSTROM_SECRETS": str(self.secrets),
            "SATZSTROM_PORT": str(self.port),
            "COMPOSE_PROJECT_NAME": self.name,
            "COMPOSE_ANSI": "never",
        }
        done = subprocess.run(
            ["docker", "compose", *arguments],
            cwd=ROOT,
            env=os.environ | settings | self.environment,
            input=stdin,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            timeout=240,
            check=False,
        )
        output = done.stdout.decode(errors="replace")
        assert not check or done.returncode == 0, f"{' '.join(arguments)}\n{output}"
        return output

    def up(self, *arguments: str, **environment: str) -> None:
        """Start or change the project, and wait until everything is healthy."""
        self.environment |= environment
        self.compose("up", "--detach", "--wait", "--no-build", *arguments)
        until(lambda: httpx.get(f"{self.address}/readyz").json().get("translators", 0) > 0, what="readiness")

    def containers(self, *services: str) -> list[dict[str, Any]]:
        """Return what the engine knows of the project's containers."""
        ids = self.compose("ps", "--all", "--quiet", *services).split()
        found = subprocess.run(["docker", "inspect", *ids], stdout=subprocess.PIPE, check=True).stdout
        described: list[dict[str, Any]] = json.loads(found)
        return described

    def memory(self, service: str, name: str, old_name: str) -> str:
        """Return what the kernel says of a service's memory, in the second or the first version of control groups."""
        script = f"cat /sys/fs/cgroup/{name} 2>/dev/null || cat /sys/fs/cgroup/memory/{old_name}"
        return self.compose("exec", "--no-TTY", service, "sh", "-c", script)

    def submit(self, document: str, text: str) -> None:
        """Submit a text over HTTP."""
        answer = httpx.post(
            f"{self.address}/v1/documents",
            params={"id": document},
            content=text.encode(),
            headers={"Content-Type": "text/plain; charset=utf-8"},
            timeout=60,
        )
        assert answer.status_code == 202, answer.text

    def status(self, document: str) -> dict[str, Any]:
        """Return a document's status."""
        answer = httpx.get(f"{self.address}/v1/documents/{document}", timeout=30)
        assert answer.status_code == 200, answer.text
        found: dict[str, Any] = answer.json()
        return found

    def translated(self, document: str) -> int:
        """Return how many sentences of a document are translated; -1 while the API cannot say."""
        try:
            return int(self.status(document)["sentences"]["translated"])
        except (AssertionError, httpx.TransportError):
            return -1

    def text(self, document: str, *, within: float = 120) -> str:
        """Wait until a document is done, and return its translation."""
        until(lambda: self._is_done(document), within=within, what=f"{document} done")
        return httpx.get(f"{self.address}/v1/documents/{document}/text", timeout=30).content.decode()

    def _is_done(self, document: str) -> bool:
        answer = httpx.get(f"{self.address}/v1/documents/{document}", timeout=30)
        return answer.status_code == 200 and answer.json()["state"] == "done"


@contextmanager
def project(name: str, folder: Path, **environment: str) -> Iterator[Project]:
    """Make a project; whatever comes of it is removed at the end."""
    subprocess.run([ROOT / "deploy" / "secrets", folder], stdout=subprocess.DEVNULL, check=True)
    made = Project(f"satzstrom-test-{name}", folder, free_port(18200, set()), environment)
    try:
        yield made
    finally:
        made.compose("down", "--volumes", "--timeout", "5", "--remove-orphans")
