"""A disk that can be full."""

import os
import shutil
import subprocess
from pathlib import Path

from pipeline.errors import SatzstromError

# MongoDB begins with 300 MB (its journal, in files of 100 MB that are there before they are needed), and its oplog may grow
# to 990 MB. Only what is used takes memory.
_SIZE = 4 * 1024**3


class CannotMountError(SatzstromError):
    """This user or this machine may not mount a file system."""


class Volume:
    """A file system in memory (tmpfs) that becomes full when it is made as small as what lies on it.

    So a full disk takes no memory for a file that fills it. Raises `CannotMountError`.
    """

    def __init__(self, folder: Path) -> None:
        if os.geteuid() != 0:
            raise CannotMountError("mounting a volume needs root")
        if shutil.which("mount") is None:
            raise CannotMountError("there is no program mount")
        folder.mkdir(parents=True, exist_ok=True)
        self._folder = folder
        done = _run("mount", "-t", "tmpfs", "-o", f"size={_SIZE}", "satzstrom-chaos", str(folder))
        if done.returncode:
            raise CannotMountError(f"no volume can be mounted here: {done.stderr.decode().strip()}")

    def fill(self) -> None:
        """Leave no room for another byte."""
        # Refused if something was written between the two; then the next call does it.
        used = os.statvfs(self._folder)
        _run("mount", "-o", f"remount,size={(used.f_blocks - used.f_bfree) * used.f_frsize}", str(self._folder))

    def empty(self) -> None:
        """Make room again."""
        done = _run("mount", "-o", f"remount,size={_SIZE}", str(self._folder))
        if done.returncode:
            raise SatzstromError(f"the volume cannot be enlarged: {done.stderr.decode().strip()}")

    def unmount(self) -> None:
        """Remove it with everything on it."""
        # Lazily: whoever still has a file open there keeps it until he closes it.
        _run("umount", "--lazy", str(self._folder))


def _run(*command: str) -> "subprocess.CompletedProcess[bytes]":
    return subprocess.run(command, capture_output=True, check=False)
