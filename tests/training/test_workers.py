"""From a training to a translator that runs: the alias moves, and it translates with what the alias names now."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from pipeline.settings import StoreSettings
from tests.conftest import MODELS
from tests.integration.flow import Flow, run_flow
from tests.integration.test_model_changes import submit, translating, translations, using
from tests.training import toy
from tests.training.conftest import Mlflow
from trainer.promoting import promote
from trainer.registry import Registry


@pytest.fixture
async def flow(settings: StoreSettings) -> AsyncIterator[Flow]:
    """A pipeline without translators."""
    async with run_flow(settings, ("segmenter", "sink", "api")) as running:
        yield running


def register(folder: Path, seed: str) -> str:
    """Train on from the bundled model, so little that it still knows German, and return the version that becomes of it."""
    data, _ = toy.write(folder)
    options = (
        "--init",
        str(MODELS / "de-en" / "hf"),
        "--rate",
        "1e-9",
        "--steps",
        "2",
        "--check-every",
        "2",
        "--seed",
        seed,
    )
    done = toy.train(data, folder / seed, *options)
    assert done.returncode == 0, done.stderr
    return done.stderr.strip().rpartition("/")[2]


async def models_of(flow: Flow, name: str) -> set[str]:
    await submit(flow, name, 20)
    await flow.done(name, within=60)
    return {one.model for one in (await translations(flow))[name]}


@pytest.mark.timeout(500)
async def test_translators_follow_an_alias_from_training_to_training(
    flow: Flow, settings: StoreSettings, mlflow: Mlflow, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MLFLOW_TRACKING_URI", mlflow.address)
    registry = Registry(mlflow.address)
    first, second = register(tmp_path, "1"), register(tmp_path, "2")
    promote(registry, "toy", first, "champion", None)
    models = tmp_path / "models"
    models.mkdir()
    async with translating(settings, models, model_sources="mlflow:/toy@champion", model_poll=0.5):
        await using(flow, f"toy@{first}")
        assert await models_of(flow, "one") == {f"toy@{first}"}

        promote(registry, "toy", second, "champion", None)
        await using(flow, f"toy@{second}")
        assert await models_of(flow, "two") == {f"toy@{second}"}

        mlflow.stop()
        assert await models_of(flow, "three") == {f"toy@{second}"}
        mlflow.start()
        promote(registry, "toy", first, "champion", None)
        await using(flow, f"toy@{first}")
        assert await models_of(flow, "four") == {f"toy@{first}"}
    assert await flow.count(flow.topics.dead_letters) == 0
