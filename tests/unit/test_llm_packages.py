"""What a translator needs whose model is on a server: no library that runs or brings models."""

import subprocess
import sys
import textwrap

from tests.conftest import ROOT

# Refuses what is installed here and is not in the list of packages of such a translator.
PROGRAM = """
    import importlib.abc, importlib.metadata, pathlib, re, sys

    def plain(name):
        return re.sub("[-_.]+", "-", name.lower())

    lines = pathlib.Path("requirements/openai.txt").read_text().splitlines()
    allowed = {plain(re.match("[A-Za-z0-9._-]+", line)[0]) for line in lines if line[:1].isalpha()}
    owners = importlib.metadata.packages_distributions()

    class Refusing(importlib.abc.MetaPathFinder):
        def find_spec(self, name, path, target=None):
            found = {plain(owner) for owner in owners.get(name.partition(".")[0], [])} - {"satzstrom", "satzstrom-server"}
            if found and not found & allowed:
                raise ModuleNotFoundError(f"{name} is not among the packages", name=name)

    sys.meta_path.insert(0, Refusing())
    import translator.__main__
    from translator.engines.loading import load_language_model
    from translator.llm.settings import LanguageModelSettings

    (engine,) = load_language_model(LanguageModelSettings(openai_url="http://127.0.0.1:9/v1", openai_model="some"))
    engine.stop()
    print(engine.model.id.partition("@")[0])
"""


def test_its_packages_are_enough() -> None:
    done = subprocess.run(
        [sys.executable, "-c", textwrap.dedent(PROGRAM)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=100,
        check=False,
    )
    assert done.stdout == "some\n", done.stderr
