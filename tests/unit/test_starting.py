"""What a program does not need is not loaded when it starts."""

import subprocess
import sys
from pathlib import Path

import pytest

from producer.__main__ import COMMANDS, application
from tests.conftest import ROOT

HEAVY = {"aiokafka", "ctranslate2", "faust", "numpy", "opentelemetry", "pymongo", "spacy", "torch", "transformers"}
CLIENTS = [name for name, place in COMMANDS.items() if place.where.startswith("producer.")]


def test_the_table_has_all_commands_of_the_command_line() -> None:
    app = application()
    there = {*(one.name for one in app.registered_commands), *(one.name for one in app.registered_groups)}
    assert there >= {*CLIENTS, "up", "models"}


@pytest.mark.parametrize("where", sorted({COMMANDS[name].where.partition(":")[0] for name in CLIENTS}))
def test_a_command_of_a_client_loads_no_server_and_no_engine(where: str) -> None:
    name = next(name for name, place in COMMANDS.items() if place.where.startswith(f"{where}:"))
    program = f"""
import sys
from producer.__main__ import main
sys.argv = ["satzstrom", {name!r}, "--help"]
try:
    main()
finally:
    print(sorted({{one.partition(".")[0] for one in sys.modules}} & {HEAVY!r}), file=sys.stderr)
"""
    done = subprocess.run([sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, check=False)
    assert (done.stderr, done.returncode) == ("[]\n", 0)
    assert "Usage" in done.stdout


def test_a_segmenter_does_not_load_pytorch(tmp_path: Path) -> None:
    package = tmp_path / "torch"
    package.mkdir()
    (package / "__init__.py").write_text("raise SystemExit('PyTorch is loaded')\n")
    program = (
        f"import sys; sys.path.insert(0, {str(tmp_path)!r})\n"
        "import segmenter.__main__\n"
        "assert 'torch' not in sys.modules\n"
        "try:\n    import torch\n"
        "except SystemExit:\n    print('but can be')\n"
    )
    done = subprocess.run([sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, check=False)
    assert (done.stdout, done.stderr, done.returncode) == ("but can be\n", "", 0)
