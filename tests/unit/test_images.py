"""What goes into the images is where they are built."""

import re

import pytest

from tests.conftest import ROOT
from tests.unit.test_imports import ALLOWED

_STAGE = re.compile(r"^FROM \S+ AS (?P<name>[\w-]+)\n(?P<steps>(?:(?!FROM ).*\n)*)", re.MULTILINE)
_COPIED = re.compile(r"^COPY (?!--from)(?P<from>[\w./-]+) ", re.MULTILINE)


def test_all_that_is_copied_into_images_reaches_their_build() -> None:
    copied = {
        one.partition("/")[0] for one in _COPIED.findall((ROOT / "deploy/Dockerfile").read_text(encoding="utf-8"))
    }
    sent = {line[1:] for line in (ROOT / ".dockerignore").read_text(encoding="utf-8").split() if line.startswith("!")}
    assert {"pipeline", "formats"} <= copied
    assert copied <= sent
    assert {name for name in sent if not (ROOT / name).exists()} == set()


@pytest.mark.parametrize(
    "service", sorted(ALLOWED.keys() & {"producer", "segmenter", "translator", "sink", "api", "trainer"})
)
def test_the_image_of_a_service_has_the_packages_that_it_imports(service: str) -> None:
    stages = {
        found["name"]: set(_COPIED.findall(found["steps"]))
        for found in _STAGE.finditer((ROOT / "deploy/Dockerfile").read_text(encoding="utf-8"))
    }
    assert {service, *ALLOWED[service]} <= stages[service] | stages["service"]
