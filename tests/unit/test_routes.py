"""Which model a pair of languages uses."""

import json
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from pipeline.errors import LanguageError, SetupError
from translator.models import routes
from translator.models.routes import Routes, read_routes


def model(folder: Path, name: str, *pairs: tuple[str, str], revision: str = "1") -> None:
    """Make the folder of a model that nobody will load."""
    inner = folder / f"{name}@{revision}"
    (inner / "ctranslate2").mkdir(parents=True)
    text = {"name": name, "revision": revision, "pairs": pairs, "max_tokens": 100, "ctranslate2": "ctranslate2"}
    (inner / "model.json").write_text(json.dumps(text))


def test_without_a_file_the_table_is_empty(tmp_path: Path) -> None:
    assert read_routes(tmp_path) == Routes()


@pytest.mark.parametrize(
    ("name", "pair"),
    [
        ("de-en", ("de", "en")),
        ("pt-BR-en", ("pt-BR", "en")),
        ("en-zh-Hans", ("en", "zh-Hans")),
        ("zh-Hant-TW-en-GB", ("zh-Hant-TW", "en-GB")),
        ("gsw-deu", ("gsw", "deu")),
        ("es-419-de", ("es-419", "de")),
    ],
)
def test_pairs_are_read_with_their_varieties(tmp_path: Path, name: str, pair: tuple[str, str]) -> None:
    (tmp_path / "routes.json").write_text(json.dumps({name: "some@1"}))
    assert read_routes(tmp_path).table == {pair: "some@1"}


@pytest.mark.parametrize(
    "text",
    [
        "",
        "[]",
        "{",
        '{"de-en": 1}',
        '{"de": "some@1"}',
        '{"pt-br-en": "some@1"}',
        '{"de en": "some@1"}',
        '{"de-en": "some"}',
        '{"de-en": "../some@1"}',
        '{"de-en": "some@1+"}',
        '{"de-en": "some@1\\n"}',
        '{"de-en": null}',
        "\N{LATIN SMALL LETTER A WITH DIAERESIS}",
    ],
)
def test_what_is_no_table_is_refused_by_name(tmp_path: Path, text: str) -> None:
    (tmp_path / "routes.json").write_text(text)
    with pytest.raises(SetupError, match=r"routes\.json"):
        read_routes(tmp_path)


def test_the_entry_nearest_to_the_languages_counts() -> None:
    table = Routes({("pt", "en"): "all@1", ("pt-BR", "en"): "brazil@1", ("pt", "en-GB"): "british@1"})
    assert table.model("pt", "en") == "all@1"
    assert table.model("pt-PT", "en") == "all@1"
    assert table.model("pt-BR", "en") == "brazil@1"
    assert table.model("pt-BR", "en-GB") == "brazil@1"
    assert table.model("pt-PT", "en-GB") == "british@1"
    assert table.model("de", "en") is None


def test_a_pair_uses_what_was_said_last(tmp_path: Path) -> None:
    routes.use(tmp_path, "de", "en", "some@1")
    routes.use(tmp_path, "PT_br", "EN", "other@1")
    routes.use(tmp_path, "de", "en", "some@2+more@1")
    assert read_routes(tmp_path).table == {("de", "en"): "some@2+more@1", ("pt-BR", "en"): "other@1"}
    routes.use(tmp_path, "de", "en", None)
    assert read_routes(tmp_path).table == {("pt-BR", "en"): "other@1"}
    assert [path.name for path in tmp_path.iterdir()] == ["routes.json"]


def test_what_cannot_be_an_entry_changes_nothing(tmp_path: Path) -> None:
    routes.use(tmp_path, "de", "en", "some@1")
    before = (tmp_path / "routes.json").read_bytes()
    with pytest.raises(SetupError, match="name@revision"):
        routes.use(tmp_path, "de", "en", "some")
    with pytest.raises(LanguageError):
        routes.use(tmp_path, "German", "en", "some@2")
    assert (tmp_path / "routes.json").read_bytes() == before


def test_a_table_that_cannot_be_read_is_not_written_over(tmp_path: Path) -> None:
    (tmp_path / "routes.json").write_text("{broken")
    with pytest.raises(SetupError):
        routes.use(tmp_path, "de", "en", "some@1")
    assert (tmp_path / "routes.json").read_text() == "{broken"


def test_of_several_who_write_at_once_none_is_lost(tmp_path: Path) -> None:
    targets = ["en", "fr", "es", "it", "nl", "pl", "cs", "da"]
    with ThreadPoolExecutor(8) as threads:
        list(threads.map(lambda target: routes.use(tmp_path, "de", target, "some@1"), targets))
    assert sorted(target for _, target in read_routes(tmp_path).table) == sorted(targets)


def test_a_model_of_the_folder_is_used_for_all_of_its_pairs(tmp_path: Path) -> None:
    model(tmp_path, "many", ("de", "en"), ("de", "fr"))
    assert routes.select(tmp_path, "many") == [("de", "en"), ("de", "fr")]
    assert read_routes(tmp_path).table == {("de", "en"): "many@1", ("de", "fr"): "many@1"}


def test_a_model_is_used_for_one_pair_or_a_variety_of_it(tmp_path: Path) -> None:
    model(tmp_path, "many", ("de", "en"), ("de", "fr"))
    assert routes.select(tmp_path, "many@1", ("de-AT", "fr")) == [("de-AT", "fr")]
    with pytest.raises(SetupError, match="de→en, de→fr"):
        routes.select(tmp_path, "many@1", ("de", "es"))


def test_a_way_over_another_language_is_made_of_models_that_meet(tmp_path: Path) -> None:
    model(tmp_path, "one", ("de", "en"))
    model(tmp_path, "two", ("en", "fr"), ("en", "es"))
    assert routes.select(tmp_path, "one+two", ("de", "fr")) == [("de", "fr")]
    assert read_routes(tmp_path).table == {("de", "fr"): "one@1+two@1"}
    with pytest.raises(SetupError, match="the next does not translate"):
        routes.select(tmp_path, "two+one")


def test_a_model_that_is_not_there_or_there_twice_is_not_used(tmp_path: Path) -> None:
    model(tmp_path, "some", ("de", "en"))
    model(tmp_path, "some", ("de", "en"), revision="2")
    model(tmp_path, ".half", ("de", "en"))
    (tmp_path / "broken").mkdir()
    (tmp_path / "broken" / "model.json").write_text("{")
    for missing in ("other", "some@3", "half", "half@1", "broken"):
        with pytest.raises(SetupError, match="no model"):
            routes.select(tmp_path, missing)
    with pytest.raises(SetupError, match="some@1, some@2"):
        routes.select(tmp_path, "some")
    assert routes.select(tmp_path, "some@2") == [("de", "en")]


def test_a_folder_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(SetupError, match="nowhere"):
        routes.use(tmp_path / "nowhere", "de", "en", "some@1")
