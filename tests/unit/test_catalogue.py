"""What models there are, as they lie in their folder."""

import json
from pathlib import Path

import pytest

from pipeline.errors import SetupError
from translator.catalogue import MadeUpModels, ModelsFolder
from translator.models import routes


def put(folder: Path, name: str, revision: str = "1", engine: str = "ctranslate2") -> Path:
    inner = folder / f"{name}@{revision}"
    (inner / "weights").mkdir(parents=True)
    (inner / "weights" / "model.bin").write_bytes(b"1")
    text = {"name": name, "revision": revision, "pairs": [["de", "en"], ["de", "fr"]], "max_tokens": 100}
    (inner / "model.json").write_text(json.dumps(text | {engine: "weights"}))
    return inner


def looking(folder: Path, *only: str) -> ModelsFolder:
    return ModelsFolder("ctranslate2", folder, 1, only)


def test_what_can_be_read_is_there_whatever_lies_beside_it(tmp_path: Path) -> None:
    inner = put(tmp_path, "tiny")
    put(tmp_path, ".half")
    put(tmp_path, "torch", engine="transformers")
    (put(tmp_path, "cut") / "model.json").write_text('{"name": ')
    (put(tmp_path, "named") / "weights" / "model.bin").unlink()
    (tmp_path / "named@1" / "weights").rmdir()
    (put(tmp_path, "twice") / "model.json").write_text((inner / "model.json").read_text())
    shelf = looking(tmp_path)()
    (model,) = shelf.models
    assert (model.served.id, model.pairs, model.folder) == ("tiny@1", (("de", "en"), ("de", "fr")), inner)
    assert sorted(shelf.problems) == ["cut@1", "named@1", "twice@1"]


def test_the_table_is_read_with_them_and_one_that_is_cut_is_a_problem(tmp_path: Path) -> None:
    put(tmp_path, "tiny")
    routes.select(tmp_path, "tiny", ("de", "fr"))
    assert looking(tmp_path)().routes.table == {("de", "fr"): "tiny@1"}
    (tmp_path / "routes.json").write_text("{")
    shelf = looking(tmp_path)()
    assert (len(shelf.models), list(shelf.problems), shelf.routes.table) == (1, ["routes.json"], {})


def test_only_what_is_to_be_served_is_there(tmp_path: Path) -> None:
    for revision in ("1", "2"):
        put(tmp_path, "tiny", revision)
    put(tmp_path, "big")
    assert [one.served.id for one in looking(tmp_path, "tiny")().models] == ["tiny@1", "tiny@2"]
    assert [one.served.id for one in looking(tmp_path, "tiny@2", "big")().models] == ["big@1", "tiny@2"]
    with pytest.raises(SetupError, match="none"):
        looking(tmp_path, "none")()


def test_it_is_seen_when_something_has_changed(tmp_path: Path) -> None:
    folder = looking(tmp_path)
    seen = [folder.fingerprint()]
    inner = put(tmp_path, "tiny")
    seen.append(folder.fingerprint())
    stamp = folder().models[0].stamp
    routes.select(tmp_path, "tiny")
    seen.append(folder.fingerprint())
    (inner / "model.json").write_text((inner / "model.json").read_text() + "\n")
    seen.append(folder.fingerprint())
    assert len(set(seen)) == len(seen)
    assert folder.fingerprint() == seen[-1]
    (inner / "weights" / "model.bin").write_bytes(b"12")
    assert folder().models[0].stamp != stamp


def test_of_the_engine_for_tests_there_is_every_revision_that_the_table_names(tmp_path: Path) -> None:
    folder = MadeUpModels("marking", tmp_path)
    assert [one.served.id for one in folder().models] == ["marking@1"]
    before = folder.fingerprint()
    routes.use(tmp_path, "de", "en", "marking@7")
    assert [one.served.id for one in folder().models] == ["marking@1", "marking@7"]
    assert folder.fingerprint() != before
    assert [one.served.id for one in MadeUpModels("identity", tmp_path)().models] == ["identity@1"]
