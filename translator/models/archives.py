"""Models in zip files: Argos packages and OPUS-MT's."""

import shutil
import zipfile
from pathlib import Path, PurePosixPath

from pipeline.errors import SetupError
from translator.models.forms import recognise


def names_in(archive: Path) -> list[str]:
    """Return the paths of the files in a zip file. Raises `SetupError` if it is none, or a path leads out of it."""
    try:
        with zipfile.ZipFile(archive) as opened:
            return list(_files(opened, archive))
    except (zipfile.BadZipFile, NotImplementedError) as error:
        raise SetupError(f"{archive} is no zip file, or is damaged ({error}); bring it again") from None


def unpack(archive: Path, into: Path) -> None:
    """Unpack the files of the model in a zip file. Raises `SetupError` if they are damaged, or more than the disk holds."""
    wanted = recognise(names_in(archive), str(archive)).names
    with zipfile.ZipFile(archive) as opened:
        files = _files(opened, archive)
        size = sum(files[name].file_size for name in wanted)
        free = shutil.disk_usage(into).free
        if size > free:
            raise SetupError(f"{archive} unpacked has {size:,} bytes, and {into} has room for {free:,}; make room")
        try:
            for name in wanted:
                (into / name).parent.mkdir(parents=True, exist_ok=True)
                with opened.open(files[name]) as source, (into / name).open("wb") as target:
                    shutil.copyfileobj(source, target)
        except (zipfile.BadZipFile, NotImplementedError, RuntimeError, EOFError) as error:
            raise SetupError(f"{archive} is damaged ({error}); bring it again") from None


def _files(opened: zipfile.ZipFile, archive: Path) -> dict[str, zipfile.ZipInfo]:
    """Return the files by their paths in normal form."""
    found = {PurePosixPath(one.filename): one for one in opened.infolist() if not one.is_dir()}
    if any(path.is_absolute() or ".." in path.parts for path in found):
        raise SetupError(f"{archive} has a path that leads out of it, as nobody packs a model; it is not unpacked")
    return {path.as_posix(): one for path, one in found.items()}
