"""What a training shall do, as it stands in its folder: `plan.json`."""

from dataclasses import fields
from pathlib import Path
from typing import Annotated, Any

import msgspec
from msgspec import Meta, Struct

from pipeline.errors import SetupError
from trainer.files import write_whole
from trainer.pairs import Languages
from trainer.parts import Part
from trainer.recipe import Recipe
from trainer.schedule import Limits

FILE = "plan.json"
# These say only when it ends and what it tells meanwhile: they may be others when it goes on.
_FREE = frozenset({"steps", "epochs", "seconds", "patience", "report_every"})
# What is different in these is too long to be told.
_LONG = frozenset({"data", "parts", "tests"})


class TestSet(Struct, frozen=True, forbid_unknown_fields=True):
    """Sentences with good translations, which are never trained on."""

    __test__ = False
    name: Annotated[str, Meta(pattern=r"^[A-Za-z0-9._-]{1,64}$")]
    files: list[str]
    """One file of pairs, or one of sources and one of translations with as many lines."""


class Plan(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """All settings of a training. Two runs of the same plan on the same machine's CPU give the same model."""

    source: str
    target: str
    name: Annotated[str, Meta(pattern=r"^[A-Za-z0-9._-]{1,64}$")]
    revision: Annotated[str, Meta(pattern=r"^[A-Za-z0-9._-]{1,64}$")] = "1"
    data: dict[str, str]
    """SHA-256 of the files, by name."""
    parts: dict[str, Part] = {}
    """What the table says of parts of the data."""
    licence: str = "not stated"
    """The licence of what the table does not name."""
    init: str | None = None
    """A model in Hugging Face's form to begin with: its size and vocabulary are taken, too."""
    size: str = "tiny"
    pieces: Annotated[int, Meta(ge=32, le=64_000)] = 8000
    batch: Annotated[int, Meta(ge=64)] = Recipe.batch
    rate: Annotated[float, Meta(gt=0)] = Recipe.rate
    warmup: Annotated[int, Meta(ge=0)] = Recipe.warmup
    dropout: Annotated[float, Meta(ge=0, lt=1)] = 0.1
    smoothing: Annotated[float, Meta(ge=0, lt=1)] = Recipe.smoothing
    longest: Annotated[int, Meta(ge=16, le=512)] = 160
    """Tokens; pairs with more are left out."""
    held_out: Annotated[int, Meta(ge=1)] = 2000
    """Pairs kept aside for the held-out loss; at most a twentieth of all."""
    check_every: Annotated[int, Meta(ge=1)] = Recipe.check_every
    average: Annotated[int, Meta(ge=1)] = Recipe.average
    check_languages: bool = True
    seed: int = Recipe.seed
    steps: Annotated[int, Meta(ge=1)] | None = None
    epochs: Annotated[float, Meta(gt=0)] | None = None
    seconds: Annotated[float, Meta(gt=0)] | None = None
    patience: Annotated[int, Meta(ge=1)] = Recipe.patience
    report_every: Annotated[int, Meta(ge=1)] = Recipe.report_every
    tests: list[TestSet] = []

    @property
    def languages(self) -> Languages:
        """The two languages."""
        return Languages(self.source, self.target)

    @property
    def recipe(self) -> Recipe:
        """How it is trained, without what it is trained on."""
        shared = {field.name for field in fields(Recipe)} - {"limits", "resumable"}
        return Recipe(limits=self.limits, **{name: getattr(self, name) for name in shared})

    @property
    def limits(self) -> Limits:
        """When it ends at the latest."""
        return Limits(self.steps, self.epochs, self.seconds)


def keep(plan: Plan, folder: Path) -> None:
    """Write a plan into its folder, or check that it is the one that is there but for when it ends.

    Raises `SetupError` that names what is different.
    """
    path = folder / FILE
    if path.exists():
        before, now = _fixed(read(folder)), _fixed(plan)
        if changed := [name for name in now if now[name] != before[name]]:
            told = ", ".join(
                f"other {name}" if name in _LONG else f"{name} was {before[name]!r} and is {now[name]!r}"
                for name in changed
            )
            raise SetupError(
                f"{folder} holds a training with other settings ({told}); go on with those, or name another --out"
            )
    write_whole(path, msgspec.json.format(msgspec.json.encode(plan), indent=1))


def read(folder: Path) -> Plan:
    """Return the plan of a training. Raises `SetupError`."""
    path = folder / FILE
    try:
        return msgspec.json.decode(path.read_bytes(), type=Plan)
    except FileNotFoundError:
        raise SetupError(f"{folder} holds no training: there is no {FILE}") from None
    except (OSError, msgspec.DecodeError) as error:
        raise SetupError(f"{path}: {error}") from None


def _fixed(plan: Plan) -> dict[str, Any]:
    fields: dict[str, Any] = msgspec.to_builtins(plan)
    return {name: value for name, value in fields.items() if name not in _FREE}
