"""Models that a deployment asks for: brought before a translator loads, by a process of its own.

`SATZSTROM_MODEL_SOURCES` names them. Conversion may take gigabytes, which a process that ends gives back, and one that hangs
on a slow line can be ended at once.
"""

import asyncio
import contextlib
import logging
import os
import sys
from collections.abc import Callable
from pathlib import Path

import msgspec

from pipeline.errors import SatzstromError, SetupError, StoppedError
from translator.models.folder import Model
from translator.models.places import find_pulled
from translator.models.pulling import Wish, pull
from translator.models.routes import select

logger = logging.getLogger(__name__)

TRY_LATER = 75
"""Exit status of commands for models when a server is away (EX_TEMPFAIL of sysexits.h)."""

# What was asked for last, so that a choice that people make later is not undone by a restart.
_APPLIED = ".sources"


def listed(sources: str) -> list[str]:
    """Return the specifications in a list that is separated by commas or white space."""
    return sources.replace(",", " ").split()


def provide(
    sources: str,
    models: Path,
    say: Callable[[str], None],
    engine: str = "ctranslate2",
    pulled: Callable[..., Model] = pull,
) -> None:
    """Bring those that are missing; after a change of the list let their pairs use them, the first for each pair.

    `engine`: the one that is to run them.

    Nothing is asked of anybody when all are there. Raises `SetupError`, `UnavailableError`.
    """
    specs = listed(sources)
    found = []
    for spec in specs:
        model = find_pulled(spec, models)
        if model is None or engine not in model.folders:
            model = pulled(spec, models, Wish(keep=engine == "transformers"), say)
            say(f"{model.id} is ready; its licence: {_licence(model)}")
        if engine not in model.folders:
            raise SetupError(f"{spec} has no form for the engine {engine}, only for {', '.join(model.folders)}")
        found.append(model)
    applied = models / _APPLIED
    asked = msgspec.json.encode(specs)
    if _read(applied) != asked:
        # From the last to the first, which so has the last word.
        for model in reversed(found):
            for source, target in select(models, model.id):
                say(f"{source}-{target} uses {model.id}")
        try:
            applied.write_bytes(asked)
        except OSError as error:
            raise SetupError(f"cannot write {applied}: {error.strerror}") from None


async def provide_before(sources: str, models: Path, stop: asyncio.Event) -> None:
    """Run `provide` in a process of its own and log what it says.

    When that fails, a translator that had models brought before goes on with these. Raises `SetupError` or another
    `SatzstromError` if there are none, and `StoppedError` after `stop`.
    """
    command = [sys.executable, "-m", "translator.models", "provide", "--models", str(models)]
    process = await asyncio.create_subprocess_exec(
        *command,
        env=os.environ | {"SATZSTROM_MODEL_SOURCES": sources, "PYTHONUNBUFFERED": "1"},
        stdin=asyncio.subprocess.DEVNULL,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
    )
    stopping = asyncio.create_task(stop.wait())
    ended = asyncio.create_task(_log(process))
    try:
        await asyncio.wait({stopping, ended}, return_when=asyncio.FIRST_COMPLETED)
        if stop.is_set():
            raise StoppedError("stopped while models were brought; the next start goes on from there")
        last = ended.result()
    finally:
        stopping.cancel()
        if process.returncode is None:
            with contextlib.suppress(ProcessLookupError):
                process.terminate()
        await process.wait()
        await ended
    if not process.returncode:
        return
    reason = f"SATZSTROM_MODEL_SOURCES: {last.removeprefix('satzstrom: ') or f'status {process.returncode}'}"
    if (models / _APPLIED).exists():
        logger.error("%s; goes on with the models that are there", reason)
        return
    raise (SatzstromError if process.returncode == TRY_LATER else SetupError)(reason)


async def _log(process: asyncio.subprocess.Process) -> str:
    """Log what a process says, line by line, and return the last line."""
    assert process.stdout is not None
    last = ""
    async for line in process.stdout:
        last = line.decode(errors="replace").strip() or last
        logger.info("%s", last)
    await process.wait()
    return last


def _read(path: Path) -> bytes | None:
    try:
        return path.read_bytes()
    except OSError:
        return None


def _licence(model: Model) -> str:
    origin = model.description.origin
    return (origin and origin.licence) or "not said by its source"
