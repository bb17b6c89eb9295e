"""A client that is generated of the OpenAPI document, against a live API (`make test` installs the generator)."""

import asyncio
import os
import subprocess
from pathlib import Path

from tests.conftest import ROOT
from tests.integration.flow import Flow

SDK = ROOT / ".venv-sdk" / "bin"
CONFIG = """
package_name_override: generated_sdk
post_hooks: []
content_type_overrides: {text/plain: application/octet-stream}
"""
PROGRAM = """
import io, sys, time
from generated_sdk import Client
from generated_sdk.api.documents import get_document, list_sentences, put_part, submit_document
from generated_sdk.api.glossaries import create_glossary
from generated_sdk.api.memory import import_memory
from generated_sdk.models import CreateGlossaryFilesBody, ImportMemoryFilesBody, Problem, Submission
from generated_sdk.types import File

client = Client(sys.argv[1])
taken = submit_document.sync(client=client, body=Submission(text="Guten Tag. Wie geht es?", id="of-the-sdk"))
while (status := get_document.sync(taken.id, client=client)).state.value != "done":
    time.sleep(0.1)
print(status.sentences.translated, [one.translation for one in list_sentences.sync(taken.id, client=client).items])
refused = get_document.sync("nobody", client=client)
assert isinstance(refused, Problem), refused
print(refused.type_)
terms = File(io.BytesIO(b"de;en\\nVertrag;contract\\n"), "terms.csv", "text/csv")
print(create_glossary.sync(client=client, body=CreateGlossaryFilesBody(file=terms)).entries)
units = (
    b"<tmx version='1.4'><header srclang='de'/><body><tu><tuv xml:lang='de'><seg>Ja.</seg></tuv>"
    b"<tuv xml:lang='en'><seg>Yes.</seg></tuv></tu></body></tmx>"
)
print(import_memory.sync(client=client, body=ImportMemoryFilesBody(file=File(io.BytesIO(units), "a.tmx"))).imported)
print(put_part.sync("parts", 0, client=client, body=File(io.BytesIO(b"Ja.")), last=True).id)
"""


async def _run(*command: str | Path, **environment: str) -> str:
    done = await asyncio.to_thread(
        subprocess.run, command, capture_output=True, text=True, timeout=60, check=False, env=os.environ | environment
    )
    assert done.returncode == 0, done.stdout[-2000:] + done.stderr[-2000:]
    return done.stdout + done.stderr


async def test_a_generated_client_has_good_names_and_works(flow: Flow, tmp_path: Path) -> None:
    document, config = tmp_path / "openapi.json", tmp_path / "config.yml"
    document.write_bytes((await flow.http.get("/openapi.json")).content)
    config.write_text(CONFIG)
    said = await _run(
        SDK / "openapi-python-client", "generate", "--path", document, "--config", config, "--meta", "none",
        "--output-path", tmp_path / "generated_sdk", PYTHONPATH="",
    )  # fmt: skip
    left_out = [line for line in said.splitlines() if "will not be generated" in line]
    # Some of what other programs' dialects take.
    assert [line for line in left_out if "within deepl" not in line] == []
    there = {path.stem for path in (tmp_path / "generated_sdk/api/documents").glob("*.py")}
    assert {"submit_document", "get_document", "get_text", "list_sentences", "put_part"} <= there
    printed = await _run(SDK / "python", "-c", PROGRAM, str(flow.http.base_url), PYTHONPATH=str(tmp_path))
    assert printed.splitlines() == [
        "2 ['Guten Tag.', 'Wie geht es?']",
        "urn:satzstrom:problem:not-found",
        "1",
        "1",
        "parts",
    ]
