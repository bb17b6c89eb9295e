"""Sources whose meaning moves: an alias on a registry, a branch of a repository. What they name now is brought and used."""

import asyncio
import contextlib
import logging
import re
import sys
import tempfile
from collections.abc import Awaitable, Callable, Sequence
from pathlib import Path

import msgspec

from pipeline.errors import SatzstromError, SetupError
from translator.models.folder import paths_in, read
from translator.models.routes import read_routes, select
from translator.models.sources import Resolved, parse_spec, source_of

logger = logging.getLogger(__name__)

_COMMIT = re.compile(r"[0-9a-f]{7,40}")
# What each alias named last, in the folder of the models, so that what people choose afterwards stays chosen.
_APPLIED = ".aliases"
# Bringing and converting gigabytes takes its time; more is a line that hangs.
_PATIENCE = 4 * 3600.0

Bring = Callable[[str, Path], Awaitable[None]]


def listed(sources: str) -> list[str]:
    """Return those of the sources in a list, separated by commas or white space, that may name another model tomorrow."""
    return [spec for spec in sources.replace(",", " ").split() if _moves(spec)]


class Aliases:
    """Asks again and again what aliases name, and lets their pairs use that once it has moved.

    Several translators may do so in one folder. What is brought is tried by each translator before it is used
    (`translator.changing`): here only the table is written.
    """

    def __init__(
        self,
        specs: Sequence[str],
        models: Path,
        every: float,
        say: Callable[[str, str | None], None],
        *,
        bring: Bring | None = None,
        resolve: Callable[[str], Resolved] | None = None,
    ) -> None:
        """`every`: seconds between two questions; `say` hears of each specification why it fails, or None that it does not.

        `bring` puts what a specification names into the folder, and `resolve` tells what that is; both raise
        `SatzstromError`.
        """
        self._specs = specs
        self._models = models
        self._every = every
        self._say = say
        self._bring = bring or _pull
        self._resolve = resolve or (lambda spec: source_of(parse_spec(spec)).resolve())
        self._asked = asyncio.Event()

    def ask(self) -> None:
        """Ask at once, instead of when it is time."""
        self._asked.set()

    async def run(self) -> None:
        """Ask until cancelled."""
        while self._specs:
            self._asked.clear()
            for spec in self._specs:
                await self.follow(spec)
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(self._every):
                    await self._asked.wait()

    async def follow(self, spec: str) -> None:
        """Ask what a specification names, and bring and use that if it has moved. Failures are said and no more."""
        try:
            await self._follow(spec)
        except SatzstromError as error:
            self._say(spec, str(error))
        except OSError as error:
            self._say(spec, f"cannot write to {self._models}: {error.strerror}")
        else:
            self._say(spec, None)

    async def _follow(self, spec: str) -> None:
        resolved = await asyncio.to_thread(self._resolve, spec)
        model = f"{resolved.name}@{resolved.revision}"
        if self._applied().get(spec) == model:
            return
        if not self._is_there(model):
            logger.info("%s is %s now; it is brought", spec, model)
            await self._bring(spec, self._models)
        await asyncio.to_thread(self._use, spec, model)

    def _use(self, spec: str, model: str) -> None:
        known = self._applied()
        if spec in known or self._may_take_over(spec, model):
            pairs = select(self._models, model)
            logger.info("%s: %s is to be used for %s", spec, model, ", ".join("→".join(pair) for pair in pairs))
        self._note(known | {spec: model})

    def _is_there(self, model: str) -> bool:
        return any(path.parent.name == model for path in paths_in(self._models))

    def _may_take_over(self, spec: str, model: str) -> bool:
        """Whether the pairs of a model use nothing that people chose; the first time nobody knows what they did before."""
        table = read_routes(self._models)
        mine, pairs = {model}, []
        for path in paths_in(self._models):
            with contextlib.suppress(SetupError):
                found = read(path)
                origin = found.description.origin
                if origin is not None and origin.source == parse_spec(spec).place:
                    mine.add(found.id)
                if found.id == model:
                    pairs = [(one.source, one.target) for one in found.offered]
        return all(table.table.get(pair, model) in mine for pair in pairs)

    def _applied(self) -> dict[str, str]:
        try:
            return msgspec.json.decode((self._models / _APPLIED).read_bytes(), type=dict[str, str])
        except (OSError, msgspec.DecodeError):
            return {}

    def _note(self, known: dict[str, str]) -> None:
        kept = {spec: model for spec, model in known.items() if spec in self._specs}
        with tempfile.NamedTemporaryFile(dir=self._models, prefix=_APPLIED, delete=False) as file:
            file.write(msgspec.json.encode(kept))
        Path(file.name).replace(self._models / _APPLIED)


def _moves(spec: str) -> bool:
    """Whether a specification names an alias or a branch, and not exactly one version."""
    _, found, revision = spec.partition("#")[0].partition("@")
    return bool(found) and "://" not in spec and _COMMIT.fullmatch(revision) is None


async def _pull(spec: str, models: Path) -> None:
    """Bring a model by a process of its own, which gives back what conversion takes, and ends with whoever waits for it.

    Raises `SetupError`.
    """
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "translator.models", "pull", spec, "--models", str(models)),
        stdin=asyncio.subprocess.DEVNULL,
        stdout=asyncio.subprocess.DEVNULL,
        stderr=asyncio.subprocess.PIPE,
    )
    try:
        async with asyncio.timeout(_PATIENCE):
            _, said = await process.communicate()
    except TimeoutError:
        raise SetupError(f"{spec} was not here after {_PATIENCE / 3600:.0f} hours") from None
    finally:
        if process.returncode is None:
            with contextlib.suppress(ProcessLookupError):
                process.kill()
            await process.wait()
    if process.returncode:
        lines = said.decode(errors="replace").strip().splitlines() or [f"status {process.returncode}"]
        raise SetupError(lines[-1].removeprefix("satzstrom: "))
