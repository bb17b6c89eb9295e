"""What a program does not need is not loaded when it starts."""

import subprocess
import sys
from pathlib import Path

from tests.conftest import ROOT


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
