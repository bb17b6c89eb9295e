"""The tables of settings have every variable that the services read, and none that they do not."""

import re
from importlib import import_module

import pytest

from pipeline.settings import KafkaSettings
from tests.conftest import ROOT

# Where services and commands have settings of their own.
MODULES = (
    "api.__main__",
    "pipeline.create_topics",
    "segmenter.__main__",
    "sink.__main__",
    "store.replica_set",
    "translator.__main__",
)
VARIABLE = re.compile(r"`(SATZSTROM_[A-Z_]+)`")
# For the tests alone.
UNTOLD = {"SATZSTROM_IDENTITY_BATCH_SECONDS", "SATZSTROM_IDENTITY_REVISION"}


def _all(kind: type[KafkaSettings]) -> set[type[KafkaSettings]]:
    return {kind}.union(*(_all(one) for one in kind.__subclasses__()))


@pytest.fixture(scope="module")
def read() -> set[str]:
    """Return all variables of all settings."""
    for module in MODULES:
        import_module(module)
    kinds = {kind for kind in _all(KafkaSettings) if not kind.__module__.startswith("tests")}
    assert len(kinds) > 6
    prefix = KafkaSettings.model_config.get("env_prefix", "")
    return {f"{prefix}{name}".upper() for kind in kinds for name in kind.model_fields}


def in_tables(name: str) -> set[str]:
    """Return the variables in the first cells of a page's tables."""
    lines = (ROOT / "docs" / name).read_text(encoding="utf-8").splitlines()
    return {
        found for line in lines if line.startswith("| `SATZSTROM_") for found in VARIABLE.findall(line.split("|")[1])
    }


def test_each_setting_is_in_a_table_and_each_in_a_table_is_a_setting(read: set[str]) -> None:
    told = in_tables("run-it-yourself.md") | in_tables("llm.md") | in_tables("run-with-docker.md")
    assert sorted(read - told - UNTOLD) == []
    assert sorted(in_tables("run-it-yourself.md") - read) == []
