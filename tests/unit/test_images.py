"""What goes into the images is where they are built."""

import re

from tests.conftest import ROOT

_COPIED = re.compile(r"^COPY (?!--from)(?P<from>[\w./-]+) ", re.MULTILINE)


def test_all_that_is_copied_into_images_reaches_their_build() -> None:
    copied = {
        one.partition("/")[0] for one in _COPIED.findall((ROOT / "deploy/Dockerfile").read_text(encoding="utf-8"))
    }
    sent = {line[1:] for line in (ROOT / ".dockerignore").read_text(encoding="utf-8").split() if line.startswith("!")}
    assert {"pipeline", "formats"} <= copied
    assert copied <= sent
    assert {name for name in sent if not (ROOT / name).exists()} == set()
