"""Sources that name another model tomorrow."""

import asyncio
import json
from contextlib import suppress
from pathlib import Path

import pytest

from pipeline.errors import SatzstromError, SetupError, UnavailableError
from tests.waiting import eventually
from translator.models import routes
from translator.models.aliases import Aliases, listed
from translator.models.folder import Origin
from translator.models.routes import read_routes
from translator.models.sources import Resolved

SPEC = "mlflow:/german@champion"


class World:
    """A registry with one alias, and a folder of models that follows it."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.version = "1"
        self.error: SatzstromError | None = None
        self.brought: list[str] = []
        self.said: dict[str, str | None] = {}
        self.aliases = self.follower()

    def follower(self, every: float = 1000.0) -> Aliases:
        """Return one, as another translator has it, or the same one after a restart."""
        return Aliases([SPEC], self.folder, every, self.said.__setitem__, bring=self.bring, resolve=self.resolve)

    def resolve(self, spec: str) -> Resolved:
        if self.error:
            raise self.error
        return Resolved("german", self.version, Origin(spec, self.version))

    async def bring(self, spec: str, models: Path) -> None:
        self.put("german", self.version, spec)
        self.brought.append(self.version)
        assert models == self.folder

    def put(self, name: str, revision: str, source: str = "") -> None:
        inner = self.folder / f"{name}@{revision}"
        (inner / "ctranslate2").mkdir(parents=True)
        text = {"name": name, "revision": revision, "source": "de", "target": "en", "max_tokens": 100}
        origin = {"source": source, "revision": revision}
        (inner / "model.json").write_text(json.dumps(text | {"ctranslate2": "ctranslate2", "origin": origin}))

    @property
    def used(self) -> str | None:
        return read_routes(self.folder).model("de", "en")


@pytest.fixture
def world(tmp_path: Path) -> World:
    return World(tmp_path)


async def test_what_an_alias_names_is_brought_and_used_when_it_moves(world: World) -> None:
    await world.aliases.follow(SPEC)
    assert world.used == "german@1"
    for _ in range(3):
        await world.aliases.follow(SPEC)
    world.version = "2"
    await world.aliases.follow(SPEC)
    assert (world.used, world.brought) == ("german@2", ["1", "2"])
    assert world.said == {SPEC: None}


async def test_an_alias_that_moves_back_needs_nothing_brought(world: World) -> None:
    for version in ("1", "2", "1"):
        world.version = version
        await world.aliases.follow(SPEC)
    assert (world.used, world.brought) == ("german@1", ["1", "2"])


async def test_what_people_choose_stays_until_the_alias_moves(world: World) -> None:
    await world.aliases.follow(SPEC)
    world.put("other", "1")
    routes.select(world.folder, "other@1")
    await world.aliases.follow(SPEC)
    await world.follower().follow(SPEC)
    assert world.used == "other@1"
    world.version = "2"
    await world.aliases.follow(SPEC)
    assert world.used == "german@2"


async def test_the_first_time_a_choice_of_people_is_not_undone(world: World) -> None:
    world.put("other", "1")
    routes.select(world.folder, "other@1")
    await world.aliases.follow(SPEC)
    assert (world.used, world.brought) == ("other@1", ["1"])


async def test_an_alias_that_moved_while_nobody_asked_is_used(world: World) -> None:
    world.put("german", "1", SPEC)
    routes.select(world.folder, "german@1")
    world.version = "2"
    await world.aliases.follow(SPEC)
    assert world.used == "german@2"


@pytest.mark.parametrize(
    "error", [SetupError("there is no alias champion"), UnavailableError("MLflow", "here", "no answer")]
)
async def test_where_it_cannot_be_asked_what_is_in_use_stays(world: World, error: SatzstromError) -> None:
    await world.aliases.follow(SPEC)
    world.error = error
    await world.aliases.follow(SPEC)
    assert world.said == {SPEC: str(error)}
    assert world.used == "german@1"
    world.error = None
    await world.aliases.follow(SPEC)
    assert world.said == {SPEC: None}


async def test_what_broke_off_is_tried_again(world: World) -> None:
    async def fails(spec: str, models: Path) -> None:
        raise SetupError(f"no room in {models} for {spec}")

    world.aliases._bring = fails
    await world.aliases.follow(SPEC)
    assert "no room" in (world.said[SPEC] or "")
    await world.follower().follow(SPEC)
    assert (world.said, world.used) == ({SPEC: None}, "german@1")


async def test_a_folder_that_cannot_be_written_is_said(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(world.aliases, "_note", full)
    await world.aliases.follow(SPEC)
    assert "No space left" in (world.said[SPEC] or "")


async def test_it_is_asked_in_turns_and_at_once_on_request(world: World) -> None:
    follower = world.follower()
    running = asyncio.create_task(follower.run())
    try:

        async def used(model: str) -> bool:
            return world.used == model

        await eventually(lambda: used("german@1"), what="the first")
        world.version = "2"
        follower.ask()
        await eventually(lambda: used("german@2"), what="the second")
    finally:
        running.cancel()
        with suppress(asyncio.CancelledError):
            await running


def test_only_what_may_move_is_asked_for_again() -> None:
    moving = [SPEC, "mlflow:/german@champion#de-en", "hf:Org/name@main", "Org/name@v2"]
    fixed = ["mlflow:/german/3", "hf:Org/name", "hf:Org/name@9b2e4f60c1d7", "/models/a", "https://u@example.org/a.zip"]
    assert listed(", ".join([*moving, *fixed])) == moving
    assert listed("") == []
