"""Trainings and models on an MLflow server.

The server's own library does the talking: its settings count (MLFLOW_TRACKING_USERNAME, MLFLOW_TRACKING_PASSWORD,
MLFLOW_TRACKING_TOKEN, proxies).
"""

import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from pipeline.errors import SetupError, UnavailableError
from trainer.evaluation import Score
from trainer.journal import Check, Entry, Report, Restart

EXPERIMENT = "satzstrom"
ARTIFACTS = "model"
_AWAY = ("TEMPORARILY_UNAVAILABLE", "INTERNAL_ERROR", "REQUEST_LIMIT_EXCEEDED")
_MOST_METRICS, _MOST_PARAMETERS, _MOST_CHARACTERS = 900, 90, 5000
# The library waits minutes for a server that is away; a person who waits for an answer does not.
_PATIENCE = {"MLFLOW_HTTP_REQUEST_MAX_RETRIES": "2", "MLFLOW_HTTP_REQUEST_TIMEOUT": "60"}
_QUIET = {
    "MLFLOW_DISABLE_TELEMETRY": "true",
    "MLFLOW_LOGGING_LEVEL": "WARNING",
    "MLFLOW_ENABLE_ARTIFACTS_PROGRESS_BAR": "false",
}


class Registry:
    """An MLflow server. All methods raise `SetupError` (a person has to act) and `UnavailableError` (later may help)."""

    def __init__(self, uri: str) -> None:
        if not uri.startswith(("http://", "https://")):
            raise SetupError(
                f"{uri!r} is no address of an MLflow server; write http://HOST:PORT (--mlflow, MLFLOW_TRACKING_URI)"
            )
        self.uri = uri.rstrip("/")
        for name, value in {**_PATIENCE, **_QUIET}.items():
            os.environ.setdefault(name, value)
        try:
            from mlflow import MlflowClient
        except ImportError:
            raise SetupError(
                "MLflow's client is not installed: pip install --require-hashes -r requirements/train.txt"
            ) from None
        self._client: Any = MlflowClient(tracking_uri=self.uri, registry_uri=self.uri)

    def begin(self, name: str, parameters: Mapping[str, str], tags: Mapping[str, str]) -> str:
        """Begin a run and return its id."""
        with self._errors():
            found = self._client.get_experiment_by_name(EXPERIMENT)
            experiment = found.experiment_id if found else self._client.create_experiment(EXPERIMENT)
            run: str = self._client.create_run(experiment, run_name=name, tags=dict(tags)).info.run_id
        self.describe(run, parameters)
        return run

    def describe(self, run: str, parameters: Mapping[str, str]) -> None:
        """Say the parameters of a run."""
        from mlflow.entities import Param

        every = [Param(name, value[:_MOST_CHARACTERS]) for name, value in parameters.items()]
        with self._errors():
            for at in range(0, len(every), _MOST_PARAMETERS):
                self._client.log_batch(run, params=every[at : at + _MOST_PARAMETERS])

    def tell(self, run: str, entries: list[Entry], time: int) -> None:
        """Send entries of a journal as metrics; `time` in milliseconds. Sending one again changes nothing that is seen."""
        from mlflow.entities import Metric

        metrics = [
            Metric(name, value, time, entry.step) for entry in entries for name, value in _metrics(entry).items()
        ]
        with self._errors():
            for at in range(0, len(metrics), _MOST_METRICS):
                self._client.log_batch(run, metrics=metrics[at : at + _MOST_METRICS])

    def finish(self, run: str, model: Path, scores: Mapping[str, Score]) -> None:
        """Send the finished model and its figures, and end the run."""
        with self._errors():
            for name, score in scores.items():
                self._client.log_metric(run, f"{name}.bleu", score.bleu)
                self._client.log_metric(run, f"{name}.chrf", score.chrf)
            self._client.log_artifacts(run, str(model), ARTIFACTS)
            self._client.set_terminated(run, "FINISHED")

    def register(self, run: str, name: str, tags: Mapping[str, str], card: str) -> str:
        """Register the model of a finished run under a name, and return its version."""
        from mlflow.exceptions import MlflowException

        with self._errors():
            try:
                self._client.create_registered_model(name)
            except MlflowException as error:
                if error.error_code != "RESOURCE_ALREADY_EXISTS":
                    raise
            source = f"{self._client.get_run(run).info.artifact_uri}/{ARTIFACTS}"
            made = self._client.create_model_version(name, source, run_id=run, tags=dict(tags), description=card)
        return str(made.version)

    def version_of(self, name: str, alias: str) -> str | None:
        """Return the version that an alias stands for; None if there is no such alias of the model."""
        with self._errors():
            aliases: dict[str, str] = self._client.get_registered_model(name).aliases
        found = aliases.get(alias)
        return None if found is None else str(found)

    def tags_of(self, name: str, version: str) -> dict[str, str]:
        """Return the tags of a version."""
        with self._errors():
            tags: dict[str, str] = self._client.get_model_version(name, version).tags
        return dict(tags)

    def point(self, name: str, alias: str, version: str) -> None:
        """Let an alias stand for a version."""
        with self._errors():
            self._client.get_model_version(name, version)
            self._client.set_registered_model_alias(name, alias, version)

    @contextmanager
    def _errors(self) -> Iterator[None]:
        from mlflow.exceptions import MlflowException
        from requests.exceptions import RequestException

        try:
            yield
        except MlflowException as error:
            self._explain(error)
        except RequestException as error:
            raise UnavailableError("MLflow", self.uri, _first_line(error)) from None

    def _explain(self, error: Any) -> None:
        message = _first_line(error)
        if error.error_code in ("UNAUTHENTICATED", "PERMISSION_DENIED") or " 401 " in message or " 403 " in message:
            raise SetupError(
                f"MLflow at {self.uri} refuses the login ({message}); set MLFLOW_TRACKING_USERNAME and "
                "MLFLOW_TRACKING_PASSWORD, or MLFLOW_TRACKING_TOKEN"
            ) from None
        if error.error_code in _AWAY:
            raise UnavailableError("MLflow", self.uri, message, answers="API request to" not in message) from None
        raise SetupError(f"MLflow at {self.uri}: {message}") from None


def _metrics(entry: Entry) -> dict[str, float]:
    match entry:
        case Report():
            return {
                "loss": entry.loss,
                "rate": entry.rate,
                "tokens_per_second": entry.tokens_per_second,
                "epoch": entry.epoch,
            }
        case Check():
            use = {} if entry.use_of_source is None else {"use_of_source": entry.use_of_source}
            return {"held_out_loss": entry.held_out_loss, **use}
        case Restart():
            # The next reports have its rate.
            return {}


def _first_line(error: BaseException) -> str:
    return (str(error).strip().splitlines() or [type(error).__name__])[0][:500]
