"""Shows what becomes of the cases of files: `python -m tests.cases [--failed] FILE.jsonl …`."""

import asyncio
import sys
from pathlib import Path

from segmenter.splitter import Splitter
from tests.cases.cases import complaints, read, translate
from tests.conftest import MODELS
from translator.engines import loading


def main(arguments: list[str]) -> None:
    """Print each case, what is wrong with it, its sentences' ends and its translation."""
    cases = [case for path in arguments if not path.startswith("--") for case in read(Path(path))]
    engine = loading.load("ctranslate2", MODELS, threads=2, isolated=False)[0]
    found = asyncio.run(translate(cases, Splitter(MODELS), engine))
    engine.stop()
    wrong = 0
    for case, translated in zip(cases, found, strict=True):
        said = complaints(case, translated)
        wrong += bool(said)
        if said or "--failed" not in arguments:
            print("WRONG" if said else "right", case.id, *said)
            print("     ", translated.sources)
            print("     ", repr(translated.text), [draft.suspect for draft in translated.drafts if draft.suspect])
    print(f"{len(cases) - wrong} of {len(cases)} right")


if __name__ == "__main__":
    main(sys.argv[1:])
