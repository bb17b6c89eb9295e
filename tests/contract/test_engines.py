"""What every engine keeps to, run on each of them with real models."""

import json
import shutil
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import pytest

from pipeline.alignment import words
from pipeline.errors import SetupError
from tests.conftest import MODELS
from tests.model_server import Answer, Question, model_server
from translator.engines import SECOND_TRY, USUAL, Decoding, Engine, Hypothesis, ReadingEngine, loading, several
from translator.kept.masks import missing
from translator.llm.settings import LanguageModelSettings

SENTENCES = [
    "Guten Morgen.",
    "Das ist ein Haus.",
    "Die Katze schläft auf dem Sofa, und der Hund liegt vor der Tür.",
    "Ich habe gestern ein Buch gekauft.",
    "Wo ist der Bahnhof?",
]


def load(name: str, *, isolated: bool = False) -> Engine:
    return loading.load(name, MODELS, threads=2, isolated=isolated)[0]


@pytest.fixture(
    scope="module",
    params=[
        "identity",
        "ctranslate2",
        "ctranslate2 in a process",
        "transformers",
        "transformers in a process",
        "openai",
    ],
)
def engine(request: pytest.FixtureRequest) -> Iterator[Engine]:
    if request.param == "openai":
        with on_a_server() as loaded:
            yield loaded
        return
    loaded = load(request.param.partition(" ")[0], isolated=" " in request.param)
    yield loaded
    loaded.stop()


@contextmanager
def on_a_server() -> Iterator[Engine]:
    """Put the bundled model behind a server of language models."""
    model = load("ctranslate2")

    def answer(question: Question) -> Answer:
        careful = "earlier answer" in question.body["messages"][0]["content"]
        made = model.generate(
            [model.encode(text) for text in question.texts.values()], SECOND_TRY if careful else USUAL
        )
        return Answer(dict(zip(question.texts, (one.text for one in made), strict=True)))

    with model_server(str, answer) as server:
        settings = LanguageModelSettings(openai_url=server.url, openai_model="stand-in")
        (loaded,) = loading.load_language_model(settings)
        yield loaded
        loaded.stop()


def translate(engine: Engine, texts: list[str]) -> list[str]:
    return [hypothesis.text for hypothesis in engine.generate([engine.encode(text) for text in texts], USUAL)]


def test_it_says_what_it_is(engine: Engine) -> None:
    assert "@" in engine.model.id
    assert engine.device in ("none", "cpu", "cuda", "server")
    assert min(engine.limit, engine.batch_tokens, engine.workers, engine.round_size) >= 1
    assert engine.verbatim == engine.model.id.startswith("identity")


def test_one_hypothesis_for_each_sentence_in_order(engine: Engine) -> None:
    alone = [translate(engine, [text])[0] for text in SENTENCES]
    together = translate(engine, SENTENCES)
    assert len(together) == len(SENTENCES)
    # Padding may change the last bit of a number, and so a word; never which sentence it is.
    same = sum(first == second for first, second in zip(alone, together, strict=True))
    assert same >= len(SENTENCES) - 1
    assert all(together)


def test_others_are_given_where_several_are_asked_for(engine: Engine) -> None:
    batch = [engine.encode(text) for text in SENTENCES]
    found = engine.generate(batch, several(2))
    usual = engine.generate(batch, USUAL)
    assert all(one.others == () for one in usual)
    if engine.verbatim or isinstance(engine, ReadingEngine):
        assert [one.others for one in found] == [()] * len(found)
        return
    assert [one.text for one in found] == [one.text for one in usual], "the best comes first"
    for one in found:
        assert len({one.text, *one.others}) == 3
    house = found[1]
    assert all("house" in other.lower() for other in house.others)


def test_translations_are_right_enough_to_be_told_apart(engine: Engine) -> None:
    if engine.verbatim:
        assert translate(engine, SENTENCES) == SENTENCES
        return
    morning, house, cat, book, station = (text.lower() for text in translate(engine, SENTENCES))
    assert "morning" in morning
    assert "house" in house
    assert "cat" in cat
    assert "book" in book
    assert "station" in station


def test_encoding_shortens_nothing(engine: Engine) -> None:
    long = "Das ist ein Haus. " * 500
    if not engine.verbatim:
        assert len(engine.encode(long)) > 400 * len(engine.encode("Das ist ein Haus.")) / 2


@pytest.mark.parametrize("text", ["", " ", "😀", "\0", "\u200b", "ß" * 50, "12.345,67 €", "漢字"])
def test_any_text_is_taken(engine: Engine, text: str) -> None:
    assert len(engine.generate([engine.encode(text)], USUAL)) == 1


def test_what_the_vocabulary_does_not_have_is_taken_over(engine: Engine) -> None:
    money, word = translate(engine, ["Er zahlte 30 € für das ☕.", "Das Wort 你好 ist chinesisch."])
    assert "€" in money
    assert "☕" in money
    assert "你好" in word
    assert not {"⁇", "<unk>"}.intersection((money + word).split())


def test_names_of_what_is_kept_are_copied(engine: Engine) -> None:
    sources = [
        "Bitte schreiben Sie an X1 oder besuchen Sie X2.",
        "Die Datei X1 liegt im Ordner X2.",
        "Hallo X1, Ihre Bestellung X2 wurde versandt.",
        "Kontakt: X1",
    ]
    for source, text in zip(sources, translate(engine, sources), strict=True):
        assert not missing(source, text), text


def test_a_loop_is_stopped_and_said(engine: Engine) -> None:
    hypothesis = engine.generate([engine.encode("haha " * 60)], USUAL)[0]
    if not engine.verbatim:
        assert hypothesis.capped or len(hypothesis.text) < 60 * 5 * 4


@pytest.mark.parametrize(
    "source", ["ja " * 40, "Haus " * 40, "sehr " * 40, "immer wieder " * 20, "Hund und Katze " * 15]
)
def test_the_second_try_repeats_no_four_tokens(engine: Engine, source: str) -> None:
    if engine.verbatim:
        return

    def repeated(decoding: Decoding) -> int:
        """Return how often four tokens behind one another were there before."""
        tokens = list(engine.encode(engine.generate([engine.encode(source)], decoding)[0].text))[:-1]
        runs = [tuple(tokens[start : start + 4]) for start in range(len(tokens) - 3)]
        return len(runs) - len(set(runs))

    assert repeated(USUAL) > 20
    assert repeated(SECOND_TRY) == 0


def test_both_neural_engines_run_the_same_model() -> None:
    fast, full = load("ctranslate2"), load("transformers")
    assert fast.model == full.model
    pairs = zip(translate(fast, SENTENCES), translate(full, SENTENCES), strict=True)
    # 8 bits round; the simple sentences stay the same.
    assert sum(first == second for first, second in pairs) >= 3


def test_the_engines_are_used_from_several_threads(engine: Engine) -> None:
    with ThreadPoolExecutor(4) as pool:
        results = list(pool.map(lambda _: translate(engine, SENTENCES), range(8)))
    assert all(result == results[0] for result in results)


def test_what_words_were_made_from_is_said_where_it_is_asked_for(engine: Engine) -> None:
    batch = [engine.encode(text) for text in SENTENCES]
    usual = engine.generate(batch, USUAL)
    found = engine.generate(batch, replace(USUAL, attention=True))
    assert [one.text for one in found] == [one.text for one in usual], "it changes no translation"
    assert all(one.attention is None for one in usual)
    if engine.verbatim or isinstance(engine, ReadingEngine):
        assert all(one.attention is None for one in found)
        return
    for sentence, one in zip(SENTENCES, found, strict=True):
        assert one.attention is not None
        assert one.attention.source == sentence
        assert one.attention.target == one.text
        assert len(one.attention.weights) == len(words(one.text))
        assert all(len(row) == len(words(sentence)) and sum(row) <= 1.001 for row in one.attention.weights)
    assert made_from(found[2], "cat") == "Katze"
    assert made_from(found[2], "dog") == "Hund"
    assert made_from(found[3], "book") == "Buch"
    for text, one in zip(SENTENCES, found, strict=True):
        (alone,) = engine.generate([engine.encode(text)], replace(USUAL, attention=True))
        if alone.text == one.text and alone.attention:
            assert one.attention is not None
            assert one.attention.made_of() == alone.attention.made_of(), "its neighbours in a batch change nothing"


def test_what_the_vocabulary_does_not_have_is_made_from_itself(engine: Engine) -> None:
    one = engine.generate([engine.encode("Er zahlte 30 € für das ☕.")], replace(USUAL, attention=True))[0]
    if not engine.verbatim and not isinstance(engine, ReadingEngine):
        assert made_from(one, "€") == "€"
        assert made_from(one, "☕") == "☕"


def made_from(hypothesis: Hypothesis, word: str) -> str:
    """Return the word of the source from which a word of the translation was made most."""
    attention = hypothesis.attention
    assert attention is not None
    targets = [attention.target[start:end].lower() for start, end in words(attention.target)]
    number = attention.made_of()[targets.index(word)]
    assert number is not None
    start, end = words(attention.source)[number]
    return attention.source[start:end]


def test_the_usual_search_goes_by_the_model_and_every_other_weighs_the_whole_vocabulary(tmp_path: Path) -> None:
    folder = tmp_path / "de-en"
    shutil.copytree(MODELS / "de-en", folder)
    description = json.loads((folder / "model.json").read_bytes()) | {"search": {"beam": 2, "vocabulary_map": True}}
    (folder / "model.json").write_text(json.dumps(description), encoding="utf-8")
    with pytest.raises(SetupError, match=r"has no vmap\.txt"):
        loading.load("ctranslate2", tmp_path, threads=1, isolated=False)
    (folder / "ctranslate2" / "vmap.txt").write_text("\t\u2581The \u2581is \u2581a .\n", encoding="utf-8")
    (engine,) = loading.load("ctranslate2", tmp_path, threads=1, isolated=False)
    tokens = [engine.encode("Das ist ein Haus.")]
    for usual in (USUAL, replace(USUAL, attention=True)):
        (found,) = engine.generate(tokens, usual)
        assert set(found.text.removesuffix(".").split()) <= {"The", "is", "a", "."}
    for other in (SECOND_TRY, several(3)):
        (found,) = engine.generate(tokens, other)
        assert "house" in found.text


@pytest.mark.parametrize("penalty", [0.0, 1.3, 2.0])
def test_how_sure_it_is_does_not_depend_on_the_length_penalty(tmp_path: Path, penalty: float) -> None:
    folder = tmp_path / "de-en"
    shutil.copytree(MODELS / "de-en", folder)
    description = json.loads((folder / "model.json").read_bytes())
    sentence = "Die Katze schläft auf dem Sofa, und der Hund liegt vor der Tür."
    found = []
    # With a beam of one there is one translation, whatever the penalty.
    for search in ({"beam": 1}, {"beam": 1, "length_penalty": penalty}):
        (folder / "model.json").write_text(json.dumps(description | {"search": search}), encoding="utf-8")
        (engine,) = loading.load("ctranslate2", tmp_path, threads=1, isolated=False)
        found += engine.generate([engine.encode(sentence)], USUAL)
    assert found[0].text == found[1].text
    assert found[1].score == pytest.approx(found[0].score, rel=1e-4)
