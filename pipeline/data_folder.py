"""Where the pipeline on one machine keeps its data, and how others find it there."""

import os
from pathlib import Path

import msgspec

STATE_FILE = "pipeline.json"
"""Written by the supervisor: addresses and processes of the running pipeline."""


def data_folder(chosen: Path | None = None) -> Path:
    """Return the data folder: as chosen, else SATZSTROM_DATA, else the user's data home."""
    if chosen is not None:
        return chosen.expanduser().absolute()
    if named := os.environ.get("SATZSTROM_DATA"):
        return Path(named).expanduser().absolute()
    home = os.environ.get("XDG_DATA_HOME") or "~/.local/share"
    return Path(home).expanduser().absolute() / "satzstrom"


def running_api(folder: Path) -> str | None:
    """Return the address of the API of the pipeline that runs on this data folder, if one was started there."""
    try:
        state = msgspec.json.decode((folder / STATE_FILE).read_bytes())
        return str(state["api"])
    except (OSError, msgspec.DecodeError, KeyError, TypeError):
        return None
