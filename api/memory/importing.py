"""Units of a TMX file come into a memory while the file arrives."""

from collections import Counter
from collections.abc import AsyncIterator, Iterator
from itertools import permutations

from pydantic import BaseModel, Field

from api.files.spooling import in_thread
from formats.errors import DocumentError
from formats.text.catalogues.tmx import ALL, LONGEST, Segment, TmxReader, TmxUnit
from pipeline import languages
from pipeline.errors import InputError, LanguageError
from pipeline.memory.digests import NEIGHBOUR_SIZE
from store.memory.keeping import MemoryFullError, MemoryKeeper
from store.memory.units import Unit
from store.ownership import Ownership

_AT_ONCE = 1000
# Bytes that are parsed together, in a thread.
_PIECE = 256 * 1024

Skipped = str


class MemoryImport(BaseModel):
    """What became of the units of a file."""

    imported: int = Field(description="Units that are new in the memory.")
    known: int = Field(description="Units that it had already: same text, same translation, same neighbours.")
    skipped: dict[str, int] = Field(
        description="How many were left out, by reason.",
        examples=[{"no translation": 3, "longer than 16384 characters": 1}],
    )


class BrokenImportError(DocumentError):
    """A file broke off in the middle of its import."""

    def __init__(self, reason: Exception, done: MemoryImport, line: int) -> None:
        super().__init__(
            f"{reason}. {done.imported + done.known} units before line {line} are in the memory; nothing behind it is. "
            "Mend the file and import it again: none comes twice"
        )


class Importer:
    """Imports files into the memory of an owner."""

    def __init__(self, keeper: MemoryKeeper, ownership: Ownership) -> None:
        self._keeper = keeper
        self._ownership = ownership
        self._skipped: Counter[Skipped] = Counter()
        self._imported = self._known = 0

    async def read(self, body: AsyncIterator[bytes], by: str | None) -> MemoryImport:
        """Import all units of a file. Raises `BrokenImportError` for a bad one, `UnavailableError`."""
        reader = TmxReader()
        waiting: list[Unit] = []
        try:
            async for piece, last in _pieces(body):
                found = await in_thread(reader.feed, piece, last=last)
                waiting += [unit for one in found for unit in self._units(one, by)]
                while len(waiting) >= _AT_ONCE or (last and waiting):
                    await self._save(waiting[:_AT_ONCE])
                    del waiting[:_AT_ONCE]
        except (DocumentError, MemoryFullError) as error:
            if isinstance(error, DocumentError):
                waiting += [unit for one in reader.found for unit in self._units(one, by)]
                await self._save(waiting)
            if not self._imported + self._known:
                raise
            raise BrokenImportError(error, self._done(), reader.line) from error
        return self._done()

    def _done(self) -> MemoryImport:
        return MemoryImport(imported=self._imported, known=self._known, skipped=dict(self._skipped))

    async def _save(self, units: list[Unit]) -> None:
        try:
            added = await self._keeper.add(self._ownership, units)
        except InputError as error:
            if isinstance(error, MemoryFullError) or len(units) == 1:
                raise
            # One of them is what MongoDB cannot hold; the others it can.
            for unit in units:
                await self._save([unit])
            return
        self._imported += len(added.units)
        self._known += added.known

    def _units(self, found: TmxUnit, by: str | None) -> Iterator[Unit]:
        """Yield what a unit of a file is in a memory: one for each translation."""
        segments: list[Segment] = []
        for segment in found.segments:
            if (reason := _unfit(segment)) is not None:
                self._skipped[reason] += 1
            else:
                segments.append(segment)
        pairs = list(permutations(segments, 2)) if found.source == ALL else list(_from(segments, found.source))
        if not pairs:
            self._skipped["no translation"] += not any(map(_unfit, found.segments))
        before, after = (_neighbour(found.properties.get(f"x-satzstrom-{side}")) for side in ("before", "after"))
        for source, target in pairs:
            yield Unit(
                source=languages.normal(source.language),
                target=languages.normal(target.language),
                text=source.text.strip(),
                translation=target.text.strip(),
                before=before,
                after=after,
                by=target.by or found.by or by,
                at=target.at or found.at,
            )


def _unfit(segment: Segment) -> str | None:
    """Return why a segment is left out; None if it is well."""
    if segment.too_long:
        return f"longer than {LONGEST} characters"
    if not segment.text.strip():
        return "empty"
    try:
        languages.check(segment.language)
    except LanguageError:
        return "language not known"
    return None


def _from(segments: list[Segment], source: str) -> Iterator[tuple[Segment, Segment]]:
    """Yield each translation with its source: the segment of that language, else of the same language elsewhere."""
    wanted = languages.normal(source)
    near = [one for one in segments if languages.primary(languages.normal(one.language)) == languages.primary(wanted)]
    exact = [one for one in near if languages.normal(one.language) == wanted]
    for first in (exact or near)[:1]:
        yield from ((first, other) for other in segments if other is not first and not _same(first, other))


def _same(one: Segment, other: Segment) -> bool:
    return languages.normal(one.language) == languages.normal(other.language)


def _neighbour(written: str | None) -> bytes | None:
    try:
        digest = bytes.fromhex(written or "")
    except ValueError:
        return None
    return digest if len(digest) == NEIGHBOUR_SIZE else None


async def _pieces(body: AsyncIterator[bytes]) -> AsyncIterator[tuple[bytes, bool]]:
    """Yield a body in larger pieces, and whether each is the last."""
    waiting = bytearray()
    async for chunk in body:
        waiting += chunk
        while len(waiting) > _PIECE:
            yield bytes(waiting[:_PIECE]), False
            del waiting[:_PIECE]
    yield bytes(waiting), True
