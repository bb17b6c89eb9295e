"""Settings of a language model: what is asked for, and where texts go."""

import logging
import socket
from pathlib import Path
from typing import Any

import pytest

from pipeline.errors import SetupError
from pipeline.settings import load
from tests.unit.language_models import KEY, configured
from translator.llm import reach
from translator.llm.settings import LanguageModelSettings, language_model


def made(**more: Any) -> Any:
    return language_model(configured("http://127.0.0.1:1/v1/", **more))


@pytest.mark.parametrize(
    ("name", "fitting"),
    [
        ("llama3.1:8b", "llama3.1-8b"),
        ("meta-llama/Llama-3.1-8B-Instruct", "meta-llama-Llama-3.1-8B-Instruct"),
        ("x" * 100, "x" * 64),
        ("Größe/ä", "Gr-e"),
    ],
)
def test_the_id_fits_what_ids_may_be(name: str, fitting: str) -> None:
    model, _, revision = made(openai_model=name).pairs[0].id.partition("@")
    assert model == fitting
    assert len(revision) == 8


def test_the_revision_tells_what_decides_the_translation() -> None:
    changes: list[dict[str, Any]] = [
        {},
        {"openai_instructions": "Formal."},
        {"openai_temperature": 0.5},
        {"openai_model": "stand/in"},
        {"openai_model": "stand:in"},
    ]
    ids = {made(**more).pairs[0].id for more in changes}
    assert len(ids) == 5
    assert made().pairs[0].id == made().pairs[0].id
    assert made(openai_revision="q4").pairs[0].id == "stand-in@q4"


@pytest.mark.parametrize(
    ("text", "pairs"),
    [
        ("de-en", [("de", "en")]),
        (" de-en, en-de ,de-en", [("de", "en"), ("en", "de")]),
        ("pt-BR-en,en-zh-Hans", [("pt-BR", "en"), ("en", "zh-Hans")]),
    ],
)
def test_pairs_are_read(text: str, pairs: list[tuple[str, str]]) -> None:
    found = made(openai_pairs=text).pairs
    assert [(one.source, one.target) for one in found] == pairs
    assert len({one.id for one in found}) == 1


@pytest.mark.parametrize(
    ("more", "said"),
    [
        ({"openai_pairs": "de"}, "'de' is no pair"),
        ({"openai_pairs": ","}, "names no pair"),
        ({"openai_pairs": "de-de"}, "nothing to translate"),
        ({"openai_pairs": "qq-en"}, "OPENAI_PAIRS"),
        ({"openai_model": ""}, "SATZSTROM_OPENAI_MODEL is not set"),
        ({"openai_model": "::"}, "SATZSTROM_OPENAI_MODEL"),
        ({"openai_key_file": Path("/nowhere")}, "not both"),
        ({"openai_key": "", "openai_key_file": Path("/nowhere")}, "SATZSTROM_OPENAI_KEY_FILE: cannot read"),
        ({"openai_key": "two words"}, "characters that no key has"),
        ({"openai_key": "line\nbreak"}, "characters that no key has"),
    ],
)
def test_what_is_wrong_is_said_with_the_setting(more: dict[str, Any], said: str) -> None:
    with pytest.raises(SetupError, match=said) as error:
        made(**more)
    assert KEY not in str(error.value)
    assert "two words" not in str(error.value)


def test_without_an_address_it_is_off() -> None:
    with pytest.raises(SetupError, match="SATZSTROM_OPENAI_URL is not set"):
        language_model(LanguageModelSettings())


@pytest.mark.parametrize("url", ["ftp://x/v1", "localhost:11434", "http://user:pass@host/v1", "http://host/v1?key=1"])
def test_addresses_with_secrets_in_them_and_others_are_refused(url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SATZSTROM_OPENAI_URL", url)
    with pytest.raises(SetupError, match="SATZSTROM_OPENAI_URL"):
        load(LanguageModelSettings)


def test_white_space_around_a_key_is_none_of_it() -> None:
    assert made(openai_key=f" {KEY}\n").key == KEY


def test_the_key_comes_from_a_file_and_is_not_shown(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    path = tmp_path / "key"
    path.write_text(f"{KEY}\n")
    model = made(openai_key="", openai_key_file=path)
    assert model.key == KEY
    logging.getLogger("test").warning("%r %s", model, model)
    assert KEY not in caplog.text


@pytest.mark.parametrize(
    ("host", "goes"),
    [
        ("127.0.0.1", "machine"),
        ("127.9.9.9", "machine"),
        ("[::1]", "machine"),
        ("[::ffff:127.0.0.1]", "machine"),
        ("localhost", "machine"),
        ("ollama.localhost", "machine"),
        ("10.1.2.3", "network"),
        ("192.168.1.5", "network"),
        ("172.20.0.3", "network"),
        ("100.100.1.1", "network"),
        ("169.254.1.1", "network"),
        ("[fd00::1]", "network"),
        ("[fe80::1]", "network"),
        ("172.32.0.1", "outside"),
        ("8.8.8.8", "outside"),
        ("192.0.2.1", "outside"),
        ("[2001:4860:4860::8888]", "outside"),
        ("[::ffff:8.8.8.8]", "outside"),
    ],
)
def test_how_far_texts_go_is_told_by_the_address(host: str, goes: str) -> None:
    assert reach.text_goes(f"https://{host}:8000/v1") == goes


@pytest.mark.parametrize(
    ("addresses", "goes"),
    [
        (["172.18.0.4"], "network"),
        (["127.0.0.1", "10.0.0.1"], "network"),
        (["10.0.0.1", "93.184.216.34"], "outside"),
        (["127.0.1.1"], "machine"),
    ],
)
def test_a_name_is_as_far_as_the_farthest_of_its_addresses(
    addresses: list[str], goes: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    found = [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (address, 0)) for address in addresses]
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_, **__: found)
    assert reach.text_goes("http://models/v1") == goes


@pytest.mark.parametrize(("host", "goes"), [("ollama", "network"), ("api.example.com", "outside")])
def test_a_name_that_leads_nowhere_yet_is_of_this_network_only_without_a_dot(
    host: str, goes: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def unknown(*_: Any, **__: Any) -> Any:
        raise socket.gaierror

    monkeypatch.setattr(socket, "getaddrinfo", unknown)
    assert reach.text_goes(f"http://{host}:11434/v1") == goes
