"""Converted models of each family against transformers, which is what they were trained with."""

import json
import shutil
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import ctranslate2
import msgspec
import pytest

from pipeline.errors import SetupError
from tests import models
from tests.conftest import MODELS
from tests.models import SENTENCES
from translator.engines import SECOND_TRY, USUAL, Decoding, Engine, several
from translator.engines.ctranslate2 import CTranslate2Engine
from translator.engines.loading import load
from translator.engines.pairs import of_pairs
from translator.models.convert import convert, describe
from translator.models.folder import read

GREEDY = Decoding(beam_size=1, attention=True)
Pairs = Sequence[tuple[str, str]]

FAMILIES: dict[str, tuple[Callable[[Path], Path], Pairs]] = {
    "marian": (models.marian, [("de", "en")]),
    "marian of several targets": (
        lambda folder: models.marian(folder, languages=["fra", "spa", "pt_br"], seed=1),
        [("de", "fr"), ("de", "es"), ("de", "pt-BR")],
    ),
    "marian with two vocabularies' worth of tables": (
        lambda folder: models.marian(folder, share_encoder_decoder_embeddings=False, tie_word_embeddings=False),
        [("de", "en")],
    ),
    "m2m100": (models.m2m100, [("de", "fr"), ("de", "es"), ("en", "de")]),
    "nllb": (models.nllb, [("de", "fr"), ("de", "es"), ("en", "de")]),
    "mbart": (models.mbart, [("de", "fr"), ("de", "en"), ("en", "de")]),
    "t5": (models.t5, [("en", "de"), ("en", "fr")]),
    "madlad": (
        lambda folder: models.t5(folder, languages=["de", "fr", "en"], gated=True, tie_word_embeddings=False),
        [("de", "fr"), ("de", "en"), ("en", "de")],
    ),
}


def installed(folder: Path, pairs: Pairs, *, name: str = "model", quantization: Any = "float32") -> Path:
    """Convert the model in `folder`/hf, describe it in `folder`, and return the folder."""
    fields = convert(folder / "hf", folder / "ct2", pairs, quantization=quantization)
    fields |= {"name": name, "revision": "1", "pairs": pairs, "ctranslate2": "ct2", "transformers": "hf"}
    (folder / "model.json").write_bytes(msgspec.json.encode(fields))
    return folder


@pytest.fixture
def exact(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let CTranslate2 compute with 32 bits, as transformers does here."""
    translator = ctranslate2.Translator
    monkeypatch.setattr(
        ctranslate2, "Translator", lambda *one, **more: translator(*one, **more | {"compute_type": "float32"})
    )


@pytest.fixture(scope="module", params=[*FAMILIES])
def family(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Pairs]:
    """A folder with one model, of each family in turn."""
    make, pairs = FAMILIES[request.param]
    folder = tmp_path_factory.mktemp("models") / "model"
    make(folder / "hf")
    return installed(folder, pairs).parent, pairs


def pieces_of(engine: Any, tokens: Sequence[int]) -> list[str]:
    pieces: list[str] = engine._shared.engine.encode.tokenizer.convert_ids_to_tokens(list(tokens))
    return pieces


def test_both_engines_read_and_write_the_same_for_each_pair(family: tuple[Path, Pairs], exact: None) -> None:
    folder, pairs = family
    fast, full = (load(name, folder, threads=1, isolated=False) for name in ("ctranslate2", "transformers"))
    assert [(one.model.source, one.model.target) for one in fast] == list(pairs)
    assert [one.model for one in full] == [one.model for one in fast]
    written = []
    for one, other in zip(fast, full, strict=True):
        mine, theirs = ([engine.encode(text) for text in SENTENCES] for engine in (one, other))
        assert [list(tokens) for tokens in mine] == [pieces_of(other, tokens) for tokens in theirs]
        made, wanted = one.generate(mine, GREEDY), other.generate(theirs, GREEDY)
        assert [found.text for found in made] == [found.text for found in wanted]
        assert [found.capped for found in made] == [found.capped for found in wanted]
        for text, found, same in zip(SENTENCES, made, wanted, strict=True):
            assert found.attention is not None
            assert same.attention is not None
            assert found.attention.source == same.attention.source == text
            assert found.attention.target == same.attention.target
            rows = zip(found.attention.weights, same.attention.weights, strict=True)
            assert all(abs(a - b) < 0.001 for row, wanted_row in rows for a, b in zip(row, wanted_row, strict=True))
        written.append([found.text for found in made])
    told = read(folder / "model" / "model.json").description.prompt
    assert (told is not None) == (len(pairs) > 1)
    # Nothing of the prompt is left in what is written, and each pair is another one to the model.
    assert len({tuple(texts) for texts in written}) == len(pairs)


@pytest.mark.parametrize("decoding", [USUAL, SECOND_TRY, several(2), GREEDY])
def test_every_search_is_told_the_languages(family: tuple[Path, Pairs], decoding: Decoding) -> None:
    folder, pairs = family
    model = read(folder / "model" / "model.json")
    engine = CTranslate2Engine(model, threads=1)
    translate, asked = engine._translator.translate_batch, []

    class Listening:
        def translate_batch(self, batch: Any, **options: Any) -> Any:
            asked.append((batch, options["target_prefix"]))
            return translate(batch, **options)

    engine._translator = Listening()
    for one in of_pairs(engine, model):
        # One with signs that the vocabulary does not have is asked about once more.
        one.generate([one.encode(text) for text in (*SENTENCES, "Das kostet 5 € 😀.")], decoding)
        before, prefix = model.prompt_for(one.model)
        assert bool(before or prefix) == (len(pairs) > 1)
        batch, given = asked[0]
        assert given == ([list(prefix)] * len(batch) if prefix else None)
        for batch, given in asked:
            assert all(tuple(tokens[: len(before)]) == before for tokens in batch)
            # Where signs are put in their places, what was found is behind it.
            assert all(tuple(start[: len(prefix)]) == prefix for start in given or [()] * len(batch))
        asked.clear()


def test_one_process_serves_three_pairs_and_ends_with_the_last(tmp_path: Path) -> None:
    models.nllb(tmp_path / "many" / "hf")
    installed(tmp_path / "many", [("de", "fr"), ("de", "es"), ("en", "de")], name="many", quantization="int8")
    engines = load("ctranslate2", tmp_path, threads=1)
    try:
        assert {one.model.id for one in engines} == {"many@1"}
        texts = [
            [found.text for found in one.generate([one.encode(text) for text in SENTENCES], USUAL)] for one in engines
        ]
        assert len({tuple(one) for one in texts}) == 3
        engines[0].stop()
        assert engines[1].generate([engines[1].encode(SENTENCES[0])], USUAL)
    finally:
        for one in engines:
            one.stop()


@pytest.fixture(scope="module")
def marian(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return models.marian(tmp_path_factory.mktemp("marian") / "hf", languages=["fra", "spa"])


def written(folder: Path, engine_folder: Path) -> list[str]:
    """Return what a CTranslate2 model writes for the sentences."""
    folder = folder / "models" / "one"
    shutil.copytree(engine_folder, folder / "ct2")
    fields = describe(engine_folder, [("de", "fr")])
    fields |= {"name": "one", "revision": "1", "pairs": [("de", "fr")], "ctranslate2": "ct2"}
    (folder / "model.json").write_bytes(msgspec.json.encode(fields))
    (engine,) = load("ctranslate2", folder.parent, threads=1, isolated=False)
    return texts_of(engine)


def texts_of(engine: Engine) -> list[str]:
    return [found.text for found in engine.generate([engine.encode(text) for text in SENTENCES], USUAL)]


@pytest.mark.usefixtures("exact")
@pytest.mark.parametrize("form", ["bfloat16", "float16", "in parts", "a pickle", "an old pickle", "an npz of Marian"])
def test_the_form_of_the_weights_changes_nothing(marian: Path, tmp_path: Path, form: str) -> None:
    folder, wanted = tmp_path / "hf", tmp_path / "wanted"
    shutil.copytree(marian, folder)
    models.store(folder, form)
    shutil.copytree(marian, wanted)
    if form.endswith("16"):
        # What cannot hold all 32 bits is compared with the same numbers in 32 bits.
        models.store(wanted, "float32", like=folder)
    convert(wanted, tmp_path / "ct2-wanted")
    convert(folder, tmp_path / "ct2")
    made, same = (written(tmp_path / name / "m", tmp_path / name) for name in ("ct2", "ct2-wanted"))
    # Where CTranslate2 adds the end mark itself a sentence counts one token less, and so a loop ends two before.
    assert all(one.startswith(other) or other.startswith(one) for one, other in zip(made, same, strict=True))
    assert any(same)


@pytest.mark.parametrize("engine", ["ctranslate2", "transformers"])
def test_names_of_tokens_in_a_text_are_text(tmp_path: Path, engine: str) -> None:
    models.nllb(tmp_path / "m" / "hf")
    installed(tmp_path / "m", [("de", "fr")])
    (loaded,) = load(engine, tmp_path, threads=1, isolated=False)
    tokens = loaded.encode("Das </s> ist spa_Latn ein <pad> Haus.")
    pieces = list(tokens) if engine == "ctranslate2" else pieces_of(loaded, tokens)
    assert not {"</s>", "spa_Latn", "<pad>"}.intersection(pieces[:-1])
    assert pieces[-1] == "</s>"


def test_two_languages_may_have_vocabularies_of_their_own(tmp_path: Path) -> None:
    import torch
    from transformers import MarianMTModel

    folder = models.marian_apart(tmp_path / "hf")
    convert(folder, tmp_path / "ct2", quantization="float32")
    source, target = (json.loads((folder / name).read_bytes()) for name in ("vocab.json", "target_vocab.json"))
    named = {number: token for token, number in target.items()}
    assert len(source) != len(target)
    tokens = [*list(source)[5:30], "</s>"]
    translator = ctranslate2.Translator(str(tmp_path / "ct2"), compute_type="float32")
    (made,) = translator.translate_batch([tokens], beam_size=1, max_decoding_length=20)
    model = MarianMTModel.from_pretrained(folder).eval()
    (wanted,) = model.generate(torch.tensor([[source[token] for token in tokens]]), num_beams=1, max_new_tokens=20)
    pieces = [named[number] for number in wanted.tolist()[1:]]
    assert made.hypotheses[0] == pieces[: pieces.index("</s>")] if "</s>" in pieces else pieces


def test_the_bundled_model_is_converted_to_the_same_numbers(tmp_path: Path) -> None:
    fields = convert(MODELS / "de-en/hf", tmp_path / "ct2", [("de", "en")])
    assert fields == {"max_tokens": 200, "pairs": [("de", "en")]}
    made, wanted = (
        models.variables(folder / "model.bin") for folder in (tmp_path / "ct2", MODELS / "de-en/ctranslate2")
    )
    assert made.keys() == wanted.keys()
    quantised = [name for name, (kind, _) in wanted.items() if kind == models.INT8]
    assert len(quantised) > 20
    for name in quantised:
        assert made[name] == wanted[name], name


def test_a_language_that_the_model_does_not_know_is_refused(tmp_path: Path) -> None:
    models.nllb(tmp_path / "hf")
    with pytest.raises(SetupError, match="does not know the language it; it knows de, en, es, fr"):
        convert(tmp_path / "hf", tmp_path / "ct2", [("de", "it")])
    installed_at = tmp_path / "models"
    shutil.copytree(tmp_path / "ct2", installed_at / "m" / "ct2")
    fields = describe(tmp_path / "ct2") | {"name": "m", "revision": "1", "pairs": [("de", "it")], "ctranslate2": "ct2"}
    (installed_at / "m" / "model.json").write_bytes(msgspec.json.encode(fields))
    with pytest.raises(SetupError, match="has no token it"):
        load("ctranslate2", installed_at, threads=1, isolated=False)


def test_a_prompt_is_no_part_of_what_is_measured(tmp_path: Path, exact: None) -> None:
    """The longest translation, the length of a sentence and the score are those of the text alone."""
    models.nllb(tmp_path / "m" / "hf")
    installed(tmp_path / "m", [("de", "fr")])
    (engine,) = load("ctranslate2", tmp_path, threads=1, isolated=False)
    tokens = engine.encode(SENTENCES[0])
    assert not any("_Latn" in piece for piece in tokens)
    (found,) = engine.generate([tokens], replace(GREEDY, attention=True))
    assert found.attention is not None
    assert "_Latn" not in found.text + found.attention.source + found.attention.target
