"""What people send comes out right: every line of the files beside this one, with the bundled model.

A file is a kind. A line is a case: a text and what has to hold in its translation (`cases.py` `Case`). See what comes with
`python -m tests.cases FILE.jsonl`.
"""

from collections.abc import Iterator

import pytest

from segmenter.splitter import Splitter
from tests.cases.cases import FOLDER, complaints, read, translate
from tests.conftest import MODELS
from translator.engines import Engine, loading


@pytest.fixture(scope="module")
def engine() -> Iterator[Engine]:
    loaded = loading.load("ctranslate2", MODELS, threads=2, isolated=False)[0]
    yield loaded
    loaded.stop()


@pytest.fixture(scope="module")
def splitter() -> Splitter:
    return Splitter(MODELS)


@pytest.mark.parametrize("kind", sorted(path.stem for path in FOLDER.glob("*.jsonl")))
async def test_what_people_send_comes_out_right(kind: str, splitter: Splitter, engine: Engine) -> None:
    cases = read(FOLDER / f"{kind}.jsonl")
    found = await translate(cases, splitter, engine)
    assert len({case.id for case in cases}) == len(cases)
    wrong = [
        (case.id, said, translated.text)
        for case, translated in zip(cases, found, strict=True)
        if (said := complaints(case, translated))
    ]
    assert not wrong, "\n".join(map(str, wrong))
