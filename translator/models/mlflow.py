"""Models that are registered on an MLflow server: `mlflow:/NAME@ALIAS` and `mlflow:/NAME/VERSION`.

The server is the one at `MLFLOW_REGISTRY_URI` or `MLFLOW_TRACKING_URI`, with the login that MLflow's own library takes:
MLFLOW_TRACKING_USERNAME and MLFLOW_TRACKING_PASSWORD, or MLFLOW_TRACKING_TOKEN; MLFLOW_TRACKING_SERVER_CERT_PATH for its
certificate. It is asked over its REST interface, so that translators need none of the library's sixty packages.
"""

import os
import re
import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path, PurePosixPath
from typing import Any, NamedTuple
from urllib.parse import quote, urlsplit

import httpx

from pipeline.errors import SetupError, UnavailableError
from translator.models.folder import Origin
from translator.models.forms import recognise
from translator.models.sources import Resolved, clean_name

_TIMEOUT = httpx.Timeout(30.0)
_SPEC = re.compile(r"mlflow:/{1,3}(?P<name>[^/@:#]++)(?:@(?P<alias>[^/@:#]++)|/(?P<version>[0-9]++))")
# A registered model has a few dozen files at most; a server that lists more has something else there.
_MOST_FILES = 2000


class _File(NamedTuple):
    path: str
    """Below the model's folder."""
    size: int | None


class MlflowSource:
    """A version of a registered model."""

    def __init__(self, spec: str) -> None:
        """Take a specification apart. Raises `SetupError` for one that names no version, and where no server is named."""
        match = _SPEC.fullmatch(spec)
        if match is None:
            raise SetupError(f"{spec!r} names no registered model; write mlflow:/NAME@ALIAS or mlflow:/NAME/VERSION")
        self._spec = spec
        self._name, self._alias, self._version = match["name"], match["alias"], match["version"]
        self._server = _server(spec)
        self._folder = ""
        self._files: list[_File] = []

    def resolve(self) -> Resolved:
        """Ask which version it is and what files it has."""
        with self._client() as client:
            version = self._found(client)
            number = str(version["version"])
            if (status := version.get("status", "READY")) != "READY":
                raise SetupError(f"version {number} of {self._name} is not ready on {self._server} ({status})")
            asked = {"name": self._name, "version": number}
            address = self._get(client, "mlflow/model-versions/get-download-uri", asked)["artifact_uri"]
            self._folder = self._served(address, number)
            self._files = list(self._listed(client, PurePosixPath()))
        where = f"version {number} of {self._name} on {self._server}"
        if not self._files:
            raise SetupError(f"{where} has no files: was its run deleted, or does its model lie somewhere else?")
        wanted = set(recognise([file.path for file in self._files], where).names)
        self._files = [file for file in self._files if file.path in wanted]
        licence = _licence({tag["key"]: tag["value"] for tag in version.get("tags", [])})
        page = f"{self._server}/#/models/{quote(self._name)}/versions/{number}"
        return Resolved(
            name=clean_name(self._name),
            revision=number,
            origin=Origin(self._spec, number, licence, page),
            size=sum(file.size or 0 for file in self._files),
        )

    def fetch(self, into: Path) -> None:
        """Bring the files of the version; those that are there whole are not brought again."""
        with self._client() as client:
            for file in self._files:
                self._fetch(client, file, into / file.path)

    def _found(self, client: httpx.Client) -> dict[str, Any]:
        if self._alias is None:
            asked = {"name": self._name, "version": self._version}
            return dict(self._get(client, "mlflow/model-versions/get", asked)["model_version"])
        asked = {"name": self._name, "alias": self._alias}
        return dict(self._get(client, "mlflow/registered-models/alias", asked)["model_version"])

    def _served(self, address: str, number: str) -> str:
        """Return the path of a model's folder among those that the server serves."""
        parts = urlsplit(address)
        if parts.scheme != "mlflow-artifacts":
            raise SetupError(
                f"the files of version {number} of {self._name} are at {address}, where MLflow does not serve them; start "
                "it with --artifacts-destination (the profile mlflow of docker-compose.yml does), and register it again"
            )
        return parts.path.strip("/")

    def _listed(self, client: httpx.Client, below: PurePosixPath) -> Iterator[_File]:
        path = (PurePosixPath(self._folder) / below).as_posix()
        for number, entry in enumerate(
            self._get(client, "mlflow-artifacts/artifacts", {"path": path}).get("files", [])
        ):
            # A name with a path in it could lead out of the folder.
            inner = below / PurePosixPath(entry["path"]).name
            if number >= _MOST_FILES or len(inner.parts) > 4:
                raise SetupError(f"{self._spec} on {self._server} has too many files to be a translation model")
            if entry.get("is_dir"):
                yield from self._listed(client, inner)
            else:
                size = entry.get("file_size")
                yield _File(inner.as_posix(), None if size is None else int(size))

    def _fetch(self, client: httpx.Client, file: _File, to: Path) -> None:
        if file.size is not None and to.exists() and to.stat().st_size == file.size:
            return
        to.parent.mkdir(parents=True, exist_ok=True)
        beside = to.with_name(f"{to.name}.part")
        address = f"{self._server}/api/2.0/mlflow-artifacts/artifacts/{quote(f'{self._folder}/{file.path}')}"
        with self._errors(), client.stream("GET", address, headers={"Accept-Encoding": "identity"}) as answer:
            if answer.is_error:
                answer.read()
            self._check(answer)
            with beside.open("wb") as out:
                for chunk in answer.iter_bytes():
                    out.write(chunk)
        size = beside.stat().st_size
        if file.size is not None and size != file.size:
            raise UnavailableError(
                "MLflow", self._server, f"sent {size} of {file.size} bytes of {file.path}", answers=True
            )
        beside.replace(to)

    def _get(self, client: httpx.Client, path: str, asked: dict[str, str]) -> dict[str, Any]:
        with self._errors():
            answer = client.get(f"{self._server}/api/2.0/{path}", params=asked)
            self._check(answer)
            found: dict[str, Any] = answer.json()
            return found

    def _check(self, answer: httpx.Response) -> None:
        if answer.status_code in (401, 403):
            raise SetupError(
                f"MLflow at {self._server} refuses the login ({answer.status_code}); set MLFLOW_TRACKING_USERNAME and "
                "MLFLOW_TRACKING_PASSWORD, or MLFLOW_TRACKING_TOKEN"
            )
        if answer.is_server_error:
            raise UnavailableError("MLflow", self._server, f"status {answer.status_code}", answers=True)
        if answer.is_error:
            raise SetupError(f"{self._spec}: MLflow at {self._server} says: {_message(answer)}")

    def _client(self) -> httpx.Client:
        user, password = (os.environ.get(f"MLFLOW_TRACKING_{name}") for name in ("USERNAME", "PASSWORD"))
        token = os.environ.get("MLFLOW_TRACKING_TOKEN")
        return httpx.Client(
            timeout=_TIMEOUT,
            follow_redirects=True,
            auth=(user, password) if user and password else None,
            headers={"Authorization": f"Bearer {token}"} if token and not user else None,
            verify=_trusted(),
        )

    @contextmanager
    def _errors(self) -> Iterator[None]:
        try:
            yield
        except httpx.HTTPError as error:
            raise UnavailableError("MLflow", self._server, str(error) or type(error).__name__) from None
        except (ValueError, KeyError) as error:
            raise SetupError(f"{self._server} does not answer as an MLflow server does ({error!r})") from None


def _licence(tags: dict[str, str]) -> str | None:
    data = tags.get("data.licences")
    return tags.get("licence") or (f"trained on: {data}" if data else None)


def _server(spec: str) -> str:
    address = os.environ.get("MLFLOW_REGISTRY_URI") or os.environ.get("MLFLOW_TRACKING_URI") or ""
    if not address.startswith(("http://", "https://")):
        raise SetupError(
            f"{spec}: say where the MLflow server is: MLFLOW_TRACKING_URI=http://HOST:PORT"
            + (f" (it is {address!r})" if address else "")
        )
    return address.rstrip("/")


def _trusted() -> ssl.SSLContext | bool:
    if os.environ.get("MLFLOW_TRACKING_INSECURE_TLS", "").lower() == "true":
        return False
    path = os.environ.get("MLFLOW_TRACKING_SERVER_CERT_PATH")
    if not path:
        return True
    try:
        return ssl.create_default_context(cafile=path)
    except OSError as error:
        raise SetupError(f"MLFLOW_TRACKING_SERVER_CERT_PATH: cannot read {path} ({error})") from None


def _message(answer: httpx.Response) -> str:
    try:
        return str(answer.json()["message"])
    except (ValueError, KeyError, TypeError):
        return f"status {answer.status_code}"
