"""Models in zip files: Argos packages and OPUS-MT's."""

import shutil
import zipfile
from pathlib import Path

from pipeline.errors import SetupError
from translator.models.forms import recognise


def names_in(archive: Path) -> list[str]:
    """Return the paths of the files in a zip file. Raises `SetupError` if it is none."""
    try:
        with zipfile.ZipFile(archive) as opened:
            return [one.filename for one in opened.infolist() if not one.is_dir()]
    except (zipfile.BadZipFile, NotImplementedError) as error:
        raise SetupError(f"{archive} is no zip file, or is damaged ({error}); bring it again") from None


def unpack(archive: Path, into: Path) -> None:
    """Unpack the files of the model in a zip file. Raises `SetupError` if they are damaged, or more than the disk holds."""
    wanted = recognise(names_in(archive), str(archive)).names
    with zipfile.ZipFile(archive) as opened:
        size = sum(opened.getinfo(name).file_size for name in wanted)
        free = shutil.disk_usage(into).free
        if size > free:
            raise SetupError(f"{archive} unpacked has {size:,} bytes, and {into} has room for {free:,}; make room")
        try:
            for name in wanted:
                # Names that would lead out of the folder are cut by the library.
                opened.extract(name, into)
        except (zipfile.BadZipFile, NotImplementedError, RuntimeError, EOFError) as error:
            raise SetupError(f"{archive} is damaged ({error}); bring it again") from None
