"""Measuring models on test sets."""

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from pipeline.errors import SetupError
from tests.conftest import MODELS
from translator.models import benching, showing
from translator.models.commands import app
from translator.models.folder import read

TINY = read(MODELS / "de-en" / "model.json")


def run(*arguments: str) -> str:
    done = CliRunner().invoke(app, ["bench", *arguments], env={"SATZSTROM_MODELS": str(MODELS)})
    if done.exception is not None and not isinstance(done.exception, SystemExit):
        raise done.exception
    assert done.exit_code == 0, done.output
    return done.output


def test_the_model_in_use_is_measured_on_the_own_set(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(showing.console, "width", 200)
    said = run("--pair", "de-en", "--limit", "12", "--threads", "1")
    assert "de-en-tiny@1" in said
    assert "in use" in said
    assert "nrefs:1|case:mixed|eff:no|tok:13a|smooth:exp|version:2." in said
    assert "take 1,000 or more" in said


def test_scores_are_those_of_the_references(tmp_path: Path) -> None:
    first = json.loads(run("de-en-tiny", "--limit", "4", "--threads", "1", "--json"))
    assert [row["model"] for row in first] == ["de-en-tiny@1"]
    sources = benching.own_set(("de", "en")).sources[:4]
    (tmp_path / "a.de").write_text("\n".join(sources) + "\n", encoding="utf-8")
    pool = _translations(sources)
    (tmp_path / "a.en").write_text("\n".join(pool) + "\n", encoding="utf-8")
    same = json.loads(
        run(
            "de-en-tiny",
            "--source",
            str(tmp_path / "a.de"),
            "--reference",
            str(tmp_path / "a.en"),
            "--threads",
            "1",
            "--json",
        )
    )
    assert same[0]["bleu"] == pytest.approx(100)
    assert same[0]["chrf"] == pytest.approx(100)
    assert 0 < first[0]["bleu"] < 100
    assert first[0]["rate"] > 0


def _translations(sources: list[str]) -> list[str]:
    import asyncio

    from translator.engines.loading import serve
    from translator.engines.pool import EnginePool

    pool = EnginePool()
    try:
        (engine,) = pool.add(serve("ctranslate2", TINY, 1, isolated=False))
        return asyncio.run(benching._translate(engine, sources, lambda _: None))[0]
    finally:
        pool.stop()


def test_the_own_set_can_be_read_from_either_side() -> None:
    there, back = benching.own_set(("de-AT", "en")), benching.own_set(("en", "de"))
    assert (there.sources, there.references) == (back.references, back.sources)
    assert len(there.sources) == len(set(there.sources)) > 40


def test_lines_end_where_files_say(tmp_path: Path) -> None:
    path = tmp_path / "set.tsv"
    path.write_bytes("\ufeffEins\u2028zwei.\tOne two.\tnews\r\nDrei.\tThree.\r\n".encode())
    found = benching.read_tsv(path)
    assert found.sources == ["Eins\u2028zwei.", "Drei."]
    assert found.references == ["One two.", "Three."]


def test_what_cannot_be_measured_is_said(tmp_path: Path) -> None:
    good, bad, empty = tmp_path / "good", tmp_path / "bad", tmp_path / "empty"
    good.write_text("Ja.\nNein.\n")
    bad.write_text("Ja.\tYes.\nNein.\n")
    empty.write_text("")
    cases: dict[tuple[str, ...], str] = {
        ("nothing",): "there is no model nothing",
        ("--pair", "german"): "--pair: 'german' is no pair",
        (): "name a model, or a pair of languages",
        ("--pair", "fr-pl"): "no model in .* translates fr-pl",
        ("de-en-tiny", "--pair", "fr-en", "--test", str(good)): "line 1: expected a sentence, a tab",
        ("de-en-tiny", "--test", str(bad)): "line 2: expected a sentence, a tab",
        ("de-en-tiny", "--test", str(empty)): "line 1: expected a sentence",
        ("de-en-tiny", "--test", str(tmp_path / "none")): "cannot read",
        ("de-en-tiny", "--source", str(good)): "together with --reference",
        ("de-en-tiny", "--source", str(good), "--reference", str(empty)): "has 2 lines and .* 0",
        ("de-en-tiny", "--engine", "other"): "has no form for the engine other",
    }
    for arguments, said in cases.items():
        with pytest.raises(SetupError, match=said):
            run(*arguments)


def test_a_pair_that_the_model_does_not_have() -> None:
    test = benching.TestSet("none", ["Oui."], ["Yes."])
    with pytest.raises(SetupError, match="de-en-tiny@1 does not translate fr-en, but de-en"):
        benching.bench(TINY, ("fr", "en"), test, "ctranslate2", 1, lambda _: None)


def test_no_set_of_our_own_for_other_pairs() -> None:
    with pytest.raises(SetupError, match="no test set for de-fr here; name one of yours: --test"):
        benching.own_set(("de", "fr"))
