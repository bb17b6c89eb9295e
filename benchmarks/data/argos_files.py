"""Translates files with argos-translate-files, in an environment that has it: `argos_files.py FOLDER FILE …`.

Texts go to standard output and their translations come back on standard input, one JSON string a line. After each file
follows an object with what became of it.
"""

import contextlib
import json
import os
import sys
import time
from pathlib import Path
from types import SimpleNamespace

pipe = os.fdopen(os.dup(1), "w", encoding="utf-8")
os.dup2(2, 1)

# The package may print, so the pipe is set up before; this project does not have it.
from argostranslatefiles import argostranslatefiles  # type: ignore[import-not-found]  # noqa: E402


def _ask(text: str) -> str:
    print(json.dumps(text), file=pipe, flush=True)
    return str(json.loads(sys.stdin.readline()))


def main(folder: str, paths: list[str]) -> None:
    """Translate each file into the folder."""
    translation = SimpleNamespace(translate=_ask, to_lang=SimpleNamespace(code="en"))
    for path in paths:
        made = str(Path(folder, "-".join(Path(path).parts[-2:])))
        begin, error = time.perf_counter(), ""
        try:
            with contextlib.redirect_stdout(sys.stderr):
                done = argostranslatefiles.translate_file(translation, path, lambda *_, made=made: made)
            error = "" if done else "kind not taken"
        except Exception as problem:  # noqa: BLE001  # whatever a file makes it raise is a figure of the comparison
            error = f"{type(problem).__name__}: {problem}"
        print(json.dumps({"seconds": time.perf_counter() - begin, "error": error}), file=pipe, flush=True)


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2:])
