"""The client library as a package of its own, in an environment that has nothing else, against a live API."""

import asyncio
import subprocess
import zipfile
from pathlib import Path

import pytest

from tests.integration.flow import Flow
from tests.wheels import build, install

PROGRAM = """
import asyncio, sys
from importlib.util import find_spec
from satzstrom import AsyncClient, Client, RefusedError

address = sys.argv[1]
assert [name for name in ("pipeline", "producer", "formats", "typer", "rich") if find_spec(name)] == []

with Client(address) as client:
    document = client.submit("Guten Tag. Wie geht es?", document="of-the-wheel")
    assert client.wait(document).state == "done"
    print(b"".join(client.text(document)).decode())
    try:
        client.status("nothing")
    except RefusedError as error:
        print(error.kind)


async def main():
    async with AsyncClient(address) as client:
        document = await client.submit("Guten Abend.", document="of-the-wheel-async")
        print({sentence.translation async for sentence in client.live(document)})


asyncio.run(main())
"""


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return build(tmp_path_factory.mktemp("wheel"))


def test_it_installs_nothing_at_top_level_but_itself(wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        top = {name.partition("/")[0] for name in archive.namelist()}
        files = set(archive.namelist())
    assert {name for name in top if not name.endswith(".dist-info")} == {"satzstrom"}
    assert {
        "satzstrom/__init__.py",
        "satzstrom/client.py",
        "satzstrom/results/documents.py",
        "satzstrom/py.typed",
    } <= files


async def test_it_speaks_to_a_live_api_from_an_empty_environment(flow: Flow, wheel: Path, tmp_path: Path) -> None:
    python = await asyncio.to_thread(install, wheel, tmp_path / "environment")
    command = [str(python), "-I", "-c", PROGRAM, str(flow.http.base_url)]
    done = await asyncio.to_thread(subprocess.run, command, capture_output=True, text=True, timeout=60, check=False)
    assert (done.stdout, done.stderr) == ("Guten Tag. Wie geht es?\nnot-found\n{'Guten Abend.'}\n", "")
