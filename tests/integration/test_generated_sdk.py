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
from generated_sdk.api.deepl import deepl_patch_v3_glossaries_glossary, deepl_post_v3_glossaries
from generated_sdk.api.documents import get_document, list_sentences, put_part, submit_document
from generated_sdk.api.glossaries import create_glossary, list_glossary_entries
from generated_sdk.api.memory import import_memory
from generated_sdk.models import CreateGlossaryFilesBody, ImportMemoryFilesBody, NewGlossary, Problem, Submission
from generated_sdk.models import DictionaryOrder, MultilingualChange, MultilingualOrder, PairTerms
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
pairs = [
    PairTerms.from_dict({"source": "de", "target": "en", "entries": {"Haus": "villa"}}),
    PairTerms.from_dict({"source": "de", "target": "fr", "entries": {"Haus": "maison", "Hof": "cour"}}),
]
by_hand = NewGlossary("by hand", dictionaries=pairs)
made = create_glossary.sync(client=client, body=by_hand)
assert not isinstance(made, Problem), made
print(made.entries, [one.translation for one in list_glossary_entries.sync(made.id, client=client, target="fr").items])
order = DictionaryOrder(source_lang="de", target_lang="en", entries="Haus\tvilla")
several = deepl_post_v3_glossaries.sync(client=client, body=MultilingualOrder("several", [order]))
change = MultilingualChange(name="renamed", dictionaries=[DictionaryOrder("de", "en", "Hof\tcourt")])
changed = deepl_patch_v3_glossaries_glossary.sync(several.glossary_id, client=client, body=change)
print(changed.name, [one.entry_count for one in changed.dictionaries])
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
    wrong = ("will not be generated", "Could not find reference", "Unable to process schema")
    assert [line for line in said.splitlines() if any(words in line for words in wrong)] == []
    there = {path.stem for path in (tmp_path / "generated_sdk/api/documents").glob("*.py")}
    assert {"submit_document", "get_document", "get_text", "list_sentences", "put_part"} <= there
    printed = await _run(SDK / "python", "-c", PROGRAM, str(flow.http.base_url), PYTHONPATH=str(tmp_path))
    assert printed.splitlines() == [
        "2 ['Guten Tag.', 'Wie geht es?']",
        "urn:satzstrom:problem:not-found",
        "1",
        "3 ['maison', 'cour']",
        "renamed [2]",
        "1",
        "parts",
    ]
