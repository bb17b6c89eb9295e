"""A server that speaks the protocol of the Hugging Face hub, with repositories and failures made for tests."""

import hashlib
import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

LARGE = 10_000
"""Files of so many bytes are kept as the hub keeps large ones: behind a redirect, with their SHA-256 as their tag."""


@dataclass
class Repository:
    """A model's repository at one commit, or at several."""

    files: dict[str, bytes]
    card: dict[str, Any] = field(default_factory=lambda: {"license": "apache-2.0", "language": ["de", "en"]})
    gated: bool = False
    token: str | None = None
    """Who does not show it gets what a missing repository gets."""
    branches: dict[str, str] = field(default_factory=dict)

    @property
    def commit(self) -> str:
        digest = hashlib.sha1(b"commit")
        for name, data in sorted(self.files.items()):
            digest.update(name.encode() + hashlib.sha1(data).digest())
        return digest.hexdigest()

    def knows(self, revision: str) -> bool:
        return revision in ("main", self.commit, *self.branches)


@dataclass
class Trouble:
    """What goes wrong with requests whose path ends so, `times` times."""

    ending: str
    status: int | None = None
    cut: int | None = None
    """Bytes after which the connection breaks."""
    wrong: bool = False
    """Other bytes of the same number."""
    times: int = 1_000_000
    methods: tuple[str, ...] = ("GET",)


class Hub:
    """What the server has, and what it was asked."""

    def __init__(self) -> None:
        self.repositories: dict[str, Repository] = {}
        self.files: dict[str, bytes] = {}
        """Behind plain addresses: /files/NAME."""
        self.troubles: list[Trouble] = []
        self.requests: list[tuple[str, str, str | None]] = []
        """Method, path and range of each."""
        self.address = ""

    def fetched(self, ending: str) -> list[str | None]:
        """Return the ranges of the requests for the content of a file."""
        return [part for method, path, part in self.requests if method == "GET" and path.endswith(ending)]

    def trouble(self, method: str, path: str) -> Trouble | None:
        for one in self.troubles:
            if path.endswith(one.ending) and method in one.methods and one.times > 0:
                one.times -= 1
                return one
        return None


class _Handler(BaseHTTPRequestHandler):
    server: "_Server"
    protocol_version = "HTTP/1.1"

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 (its name in the library)
        pass

    def do_HEAD(self) -> None:
        self._answer("HEAD")

    def do_GET(self) -> None:
        self._answer("GET")

    def _answer(self, method: str) -> None:
        url = urlsplit(self.path)
        path = unquote(url.path)
        self.server.hub.requests.append((method, path, self.headers.get("Range")))
        trouble = self.server.hub.trouble(method, path)
        if trouble is not None and trouble.status is not None:
            self._error(trouble.status, "", "on demand")
            return
        parts = path.strip("/").split("/")
        if parts[:2] == ["api", "models"]:
            self._api(parts[2:], parse_qs(url.query))
        elif parts[0] == "files":
            self._file(self.server.hub.files.get(parts[1]), trouble)
        elif parts[0] == "lfs":
            large = (data for one in self.server.hub.repositories.values() for data in one.files.values())
            self._file(next((data for data in large if _sha256(data) == parts[1]), None), trouble)
        elif len(parts) > 4 and parts[2] == "resolve":
            self._resolve("/".join(parts[:2]), parts[3], "/".join(parts[4:]), trouble)
        else:
            self._error(404, "EntryNotFound", path)

    def _api(self, parts: list[str], query: dict[str, list[str]]) -> None:
        if not parts:
            words = query.get("search", [""])[0].lower()
            self._json(
                [_info(name, one) for name, one in self.server.hub.repositories.items() if words in name.lower()]
            )
            return
        name, revision = "/".join(parts[:2]), "/".join(parts[3:]) or "main"
        if (repository := self._allowed(name, revision)) is not None:
            self._json(_info(name, repository))

    def _resolve(self, name: str, revision: str, file: str, trouble: Trouble | None) -> None:
        repository = self._allowed(name, revision)
        if repository is None:
            return
        if repository.gated:
            self._error(403, "GatedRepo", f"Access to model {name} is restricted.")
            return
        data = repository.files.get(file)
        if data is None:
            self._error(404, "EntryNotFound", file)
            return
        headers = {"X-Repo-Commit": repository.commit}
        if len(data) < LARGE:
            self._file(data, trouble, headers | {"ETag": f'"{_git(data)}"'})
            return
        headers |= {
            "Location": f"{self.server.hub.address}/lfs/{_sha256(data)}",
            "X-Linked-Etag": f'"{_sha256(data)}"',
            "X-Linked-Size": str(len(data)),
        }
        self._send(302, b"", headers)

    def _allowed(self, name: str, revision: str) -> Repository | None:
        repository = self.server.hub.repositories.get(name)
        told = self.headers.get("Authorization", "").removeprefix("Bearer ")
        if repository is None or repository.token not in (None, told):
            self._error(401 if not told or repository else 404, "RepoNotFound", "Repository not found")
            return None
        if not repository.knows(revision):
            self._error(404, "RevisionNotFound", f"Invalid rev id: {revision}")
            return None
        return repository

    def _file(self, data: bytes | None, trouble: Trouble | None, headers: dict[str, str] | None = None) -> None:
        if data is None:
            self._error(404, "EntryNotFound", "no such file")
            return
        headers = {"ETag": f'"{_sha256(data)}"', "Accept-Ranges": "bytes"} | (headers or {})
        status, begin = 200, 0
        if (wanted := self.headers.get("Range")) and wanted.startswith("bytes="):
            begin = int(wanted.removeprefix("bytes=").partition("-")[0])
            if begin >= len(data):
                self._error(416, "", "range")
                return
            status = 206
            headers["Content-Range"] = f"bytes {begin}-{len(data) - 1}/{len(data)}"
        if trouble is not None and trouble.wrong:
            data = bytes(255 - byte for byte in data)
        self._send(status, data[begin:], headers, cut=trouble.cut if trouble else None)

    def _json(self, found: object) -> None:
        self._send(200, json.dumps(found).encode(), {"Content-Type": "application/json"})

    def _error(self, status: int, code: str, message: str) -> None:
        headers = {"X-Error-Message": message} | ({"X-Error-Code": code} if code else {})
        self._send(status, json.dumps({"error": message}).encode(), headers)

    def _send(self, status: int, data: bytes, headers: dict[str, str], cut: int | None = None) -> None:
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        if self.command == "HEAD":
            return
        if cut is not None:
            self.wfile.write(data[:cut])
            self.wfile.flush()
            self.close_connection = True
            self.connection.shutdown(2)
            return
        self.wfile.write(data)


def _info(name: str, repository: Repository) -> dict[str, Any]:
    return {
        "id": name,
        "modelId": name,
        "sha": repository.commit,
        "private": False,
        "gated": "manual" if repository.gated else False,
        "downloads": 1234,
        "pipeline_tag": "translation",
        "tags": ["translation", f"license:{repository.card.get('license', 'unknown')}"],
        "cardData": repository.card,
        "siblings": [
            {"rfilename": file, "size": len(data), "blobId": _git(data)}
            | ({"lfs": {"sha256": _sha256(data), "size": len(data), "pointerSize": 134}} if len(data) >= LARGE else {})
            for file, data in repository.files.items()
        ],
    }


def _sha256(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def _git(data: bytes) -> str:
    return hashlib.sha1(b"blob %d\0" % len(data) + data).hexdigest()


class _Server(ThreadingHTTPServer):
    daemon_threads = True

    def __init__(self, hub: Hub) -> None:
        self.hub = hub
        super().__init__(("127.0.0.1", 0), _Handler)

    def handle_error(self, request: object, client_address: object) -> None:
        """Say nothing: connections break here on purpose."""


@contextmanager
def serving() -> Iterator[Hub]:
    """Run a hub on a free port."""
    hub = Hub()
    with _Server(hub) as server:
        hub.address = f"http://127.0.0.1:{server.server_port}"
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        try:
            yield hub
        finally:
            server.shutdown()
            thread.join()
