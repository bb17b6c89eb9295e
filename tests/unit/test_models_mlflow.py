"""Models from an MLflow server, asked over its REST interface; `tests/training` tries a real one."""

import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

import pytest

from pipeline.errors import SetupError, UnavailableError
from tests.conftest import MODELS
from translator.models.mlflow import MlflowSource
from translator.models.pulling import pull

FOLDER = "1/run/artifacts/model"


class Server(ThreadingHTTPServer):
    """Answers as MLflow does for one registered model, `mine`, whose version 3 is the champion."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.files: dict[str, bytes] = {}
        self.place = f"mlflow-artifacts:/{FOLDER}"
        self.status = "READY"
        self.token: str | None = None
        self.cut: str | None = None
        self.broken = 0
        self.asked: list[str] = []

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.server_port}"


class Handler(BaseHTTPRequestHandler):
    server: Server

    def do_GET(self) -> None:
        parts = urlsplit(self.path)
        path, asked = unquote(parts.path).removeprefix("/api/2.0/"), {k: v[0] for k, v in parse_qs(parts.query).items()}
        self.server.asked.append(path)
        if self.server.token and self.headers.get("Authorization") != self.server.token:
            return self.send(401, b"You are not authenticated.")
        if self.server.broken:
            return self.send(self.server.broken, b"<html>Bad gateway</html>")
        if path.startswith(prefix := f"mlflow-artifacts/artifacts/{FOLDER}/"):
            return self.send_file(path.removeprefix(prefix))
        return self.answer(path, asked)

    def answer(self, path: str, asked: dict[str, str]) -> None:
        version: dict[str, Any] = {"name": "mine", "version": "3", "status": self.server.status}
        version["tags"] = [{"key": "data.licences", "value": "CC0"}]
        if path == "mlflow-artifacts/artifacts":
            self.send_json(200, {"files": self.listed(asked["path"].removeprefix(FOLDER).strip("/"))})
        elif asked.get("name") != "mine":
            self.send_json(404, {"message": f"Registered Model with name={asked.get('name')} not found"})
        elif "alias" in asked and asked["alias"] != "champion":
            self.send_json(400, {"message": f"Registered model alias {asked['alias']} not found."})
        elif "version" in asked and asked["version"] != "3":
            self.send_json(404, {"message": "Model Version (name=mine, version=9) not found"})
        elif path.endswith("get-download-uri"):
            self.send_json(200, {"artifact_uri": self.server.place})
        else:
            self.send_json(200, {"model_version": version})

    def listed(self, folder: str) -> list[dict[str, Any]]:
        prefix = f"{folder}/" if folder else ""
        names = [name.removeprefix(prefix) for name in self.server.files if name.startswith(prefix)]
        inner = sorted({name.partition("/")[0] for name in names if "/" in name})
        files = [
            {"path": n, "is_dir": False, "file_size": len(self.server.files[prefix + n])} for n in names if "/" not in n
        ]
        return [{"path": name, "is_dir": True} for name in inner] + files

    def send_file(self, name: str) -> None:
        content = self.server.files[name]
        self.send(200, content[: len(content) // 2] if self.server.cut == name else content)

    def send_json(self, status: int, content: dict[str, Any]) -> None:
        self.send(status, json.dumps(content).encode())

    def send(self, status: int, content: bytes) -> None:
        self.send_response(status)
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch) -> Iterator[Server]:
    for name in ("REGISTRY_URI", "TRACKING_USERNAME", "TRACKING_PASSWORD", "TRACKING_TOKEN"):
        monkeypatch.delenv(f"MLFLOW_{name}", raising=False)
    with Server() as running:
        source = MODELS / "de-en"
        for path in (source / "model.json", *(source / "ctranslate2").iterdir()):
            running.files[path.relative_to(source).as_posix()] = path.read_bytes()
        about = json.loads(running.files["model.json"])
        del about["transformers"]
        running.files["model.json"] = json.dumps(about).encode()
        monkeypatch.setenv("MLFLOW_TRACKING_URI", f"{running.address}/")
        thread = threading.Thread(target=running.serve_forever, args=(0.01,))
        thread.start()
        yield running
        running.shutdown()
        thread.join()


@pytest.mark.parametrize("spec", ["mlflow:/mine@champion", "mlflow:/mine/3", "mlflow:///mine/3"])
def test_an_alias_and_a_version_name_exactly_one(server: Server, spec: str) -> None:
    found = MlflowSource(spec).resolve()
    assert (found.name, found.revision, found.origin.source) == ("mine", "3", spec)
    assert found.origin.licence == "trained on: CC0"
    assert found.size == sum(map(len, server.files.values()))


def test_a_model_is_pulled_under_its_registered_name_and_version(server: Server, tmp_path: Path) -> None:
    model = pull("mlflow:/mine@champion", tmp_path)
    assert (model.id, model.folder.name) == ("mine@3", "mine@3")
    assert model.description.origin is not None
    assert model.description.origin.url == f"{server.address}/#/models/mine/versions/3"


@pytest.mark.parametrize(
    ("spec", "message"),
    [
        ("mlflow:/other@champion", "name=other not found"),
        ("mlflow:/mine@none", "alias none not found"),
        ("mlflow:/mine/9", "version=9"),
    ],
)
def test_what_is_not_there_is_said_as_the_server_says_it(server: Server, spec: str, message: str) -> None:
    with pytest.raises(SetupError, match=message) as caught:
        MlflowSource(spec).resolve()
    assert server.address in str(caught.value)


@pytest.mark.parametrize(
    "spec",
    [
        "mlflow:",
        "mlflow:/",
        "mlflow:/mine",
        "mlflow:/mine@",
        "mlflow:/mine/",
        "mlflow:/mine/latest",
        "mlflow:/a/b/3",
        "mlflow:/a@b@c",
    ],
)
@pytest.mark.usefixtures("server")
def test_a_specification_names_an_alias_or_a_version(spec: str) -> None:
    with pytest.raises(SetupError, match="mlflow:/NAME@ALIAS or mlflow:/NAME/VERSION"):
        MlflowSource(spec)


@pytest.mark.parametrize("address", ["", "sqlite:///mlflow.db", "./mlruns"])
def test_the_server_has_to_be_named(monkeypatch: pytest.MonkeyPatch, address: str) -> None:
    monkeypatch.delenv("MLFLOW_REGISTRY_URI", raising=False)
    monkeypatch.setenv("MLFLOW_TRACKING_URI", address)
    with pytest.raises(SetupError, match="MLFLOW_TRACKING_URI=http://"):
        MlflowSource("mlflow:/mine@champion")


def test_a_server_that_is_away_may_be_back_later(server: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    server.broken = 502
    with pytest.raises(UnavailableError, match="502"):
        MlflowSource("mlflow:/mine@champion").resolve()
    monkeypatch.setenv("MLFLOW_TRACKING_URI", "http://127.0.0.1:9")
    with pytest.raises(UnavailableError, match=r"MLflow at http://127.0.0.1:9 does not answer"):
        MlflowSource("mlflow:/mine@champion").resolve()


def test_something_else_that_answers_is_told_apart(server: Server) -> None:
    server.broken = 200
    with pytest.raises(SetupError, match="does not answer as an MLflow server does"):
        MlflowSource("mlflow:/mine@champion").resolve()


def test_a_login(server: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    server.token = "Bearer secret"
    with pytest.raises(SetupError, match=r"refuses the login .*MLFLOW_TRACKING_TOKEN"):
        MlflowSource("mlflow:/mine@champion").resolve()
    monkeypatch.setenv("MLFLOW_TRACKING_TOKEN", "secret")
    assert MlflowSource("mlflow:/mine@champion").resolve().revision == "3"
    server.token = "Basic bWU6bXk="
    monkeypatch.setenv("MLFLOW_TRACKING_USERNAME", "me")
    monkeypatch.setenv("MLFLOW_TRACKING_PASSWORD", "my")
    assert MlflowSource("mlflow:/mine@champion").resolve().revision == "3"


def test_a_version_without_a_model_of_use_is_refused_before_anything_is_brought(server: Server) -> None:
    server.files = {"MLmodel": b"flavors: {sklearn: {}}", "model.pkl": b"x"}
    with pytest.raises(SetupError, match=r"version 3 of mine .* has no translation model"):
        MlflowSource("mlflow:/mine@champion").resolve()
    server.files = {}
    with pytest.raises(SetupError, match=r"version 3 of mine .* has no files"):
        MlflowSource("mlflow:/mine@champion").resolve()


def test_files_that_the_server_does_not_serve(server: Server) -> None:
    server.place = "s3://bucket/1/run/artifacts/model"
    with pytest.raises(SetupError, match="--artifacts-destination"):
        MlflowSource("mlflow:/mine/3").resolve()


def test_a_version_that_is_not_ready(server: Server) -> None:
    server.status = "FAILED_REGISTRATION"
    with pytest.raises(SetupError, match=r"not ready .*FAILED_REGISTRATION"):
        MlflowSource("mlflow:/mine/3").resolve()


def test_what_was_brought_whole_is_not_brought_again(server: Server, tmp_path: Path) -> None:
    server.cut = "ctranslate2/model.bin"
    source = MlflowSource("mlflow:/mine@champion")
    source.resolve()
    with pytest.raises(UnavailableError, match=r"sent \d+ of \d+ bytes of ctranslate2/model.bin"):
        source.fetch(tmp_path)
    assert not (tmp_path / "ctranslate2" / "model.bin").exists()
    server.cut = None
    before = len(server.asked)
    whole = sum(path.is_file() and path.suffix != ".part" for path in tmp_path.rglob("*"))
    source.fetch(tmp_path)
    assert len(server.asked) - before == len(server.files) - whole
    assert {
        p.relative_to(tmp_path).as_posix(): p.read_bytes() for p in tmp_path.rglob("*") if p.is_file()
    } == server.files


def test_no_name_leads_out_of_the_folder(server: Server, tmp_path: Path) -> None:
    server.files["../../evil.json"] = b"{}"
    source = MlflowSource("mlflow:/mine@champion")
    source.resolve()
    source.fetch(tmp_path / "inner" / "model")
    assert [path.name for path in tmp_path.iterdir()] == ["inner"]
