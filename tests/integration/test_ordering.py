"""What is said of a document counts the same on every way in."""

import json
from typing import Any

from pipeline.events import DocumentPart, encode
from tests.integration.flow import Flow
from tests.integration.test_api import TEXT, problem

SAID: dict[str, Any] = {
    "title": "Hausordnung",
    "metadata": {"author": "A. Muster"},
    "priority": "high",
    "terms": {"Haus": "villa"},
    "alternatives": 2,
    "memory": "off",
}
IN_TEXT = {
    "title": "Hausordnung",
    "metadata.author": "A. Muster",
    "priority": "high",
    "terms": "Haus;villa",
    "alternatives": "2",
    "memory": "off",
}
SOURCE = "Das Haus ist neu. Das Haus ist alt."


async def _glossary(flow: Flow, terms: str = "alt,ancient\nHaus,never") -> str:
    order = {"name": "g", "source_lang": "de", "target_lang": "en", "entries_format": "csv", "entries": terms}
    made = (await flow.http.post("/v2/glossaries", json=order)).json()
    return str(made["glossary_id"])


async def test_every_way_in_takes_all_that_can_be_said(german: Flow) -> None:
    glossary = await _glossary(german)
    json_said = SAID | {"glossary": glossary}
    text_said = IN_TEXT | {"glossary": glossary}
    first, second = "Das Haus ist neu. ", "Das Haus ist alt."
    answers = [
        await german.http.post("/v1/documents", json=json_said | {"id": "json", "text": SOURCE}),
        await german.http.post(
            "/v1/documents?id=text", params=text_said | {"id": "text"}, content=SOURCE, headers=TEXT
        ),
        await german.http.post(
            "/v1/documents", data=text_said | {"id": "form"}, files={"file": ("a.txt", SOURCE.encode())}
        ),
        await german.http.post(
            "/v1/documents",
            files={name: (None, value) for name, value in (text_said | {"id": "field", "text": SOURCE}).items()},
        ),
        await german.http.post(
            "/v1/batches", data=text_said | {"id": "batch"}, files={"files": ("a.txt", SOURCE.encode())}
        ),
        await german.http.post(
            "/v1/documents",
            params=text_said | {"id": "page", "filename": "a.html"},
            content=f"<p>{SOURCE}</p>",
        ),
        await german.http.put("/v1/documents/parts/parts/0", params=text_said, content=first, headers=TEXT),
        # What was said with part 0 goes for all of it.
        await german.http.put("/v1/documents/parts/parts/1?last=true", content=second, headers=TEXT),
    ]
    for answer in answers:
        assert answer.status_code == 202, answer.text
    for document in ("json", "text", "form", "field", "batch.0", "page", "parts"):
        status = await german.done(document)
        assert status["metadata"] | {"filename": ""} == {"title": "Hausordnung", "author": "A. Muster", "filename": ""}
        assert status["glossary"] == {"id": glossary, "name": "g"}, document
        sentences = (await german.http.get(f"/v1/documents/{document}/sentences")).json()["items"]
        translations = " ".join(one["translation"] for one in sentences)
        assert translations.count("villa") == 2, (document, translations)
        assert "ancient" in translations, (document, translations)
        assert any(one["alternatives"] for one in sentences), document
    listed = (await german.http.get("/v1/documents", params={"metadata.author": "A. Muster"})).json()["items"]
    assert len(listed) == 7
    # Over Kafka a document brings its terms along, found in their forms as well.
    part = DocumentPart(
        id="kafka",
        text=SOURCE.replace("Das Haus ist alt", "Die Türen des Hauses sind alt"),
        terms=SAID["terms"],
        alternatives=2,
    )
    await german.put(encode(part))
    assert (await german.text("kafka")).decode().count("villa") == 2


async def test_what_is_no_field_or_no_glossary_is_refused_on_every_way_in(flow: Flow) -> None:
    async def refused(status: int, kind: str, query: dict[str, str], text: str = "") -> None:
        file = {"file": ("a.txt", b"Ja.")}
        ways: list[tuple[str, str, dict[str, Any]]] = [
            ("POST", "/v1/documents", {"params": query, "content": "Ja.", "headers": TEXT}),
            ("POST", "/v1/documents", {"data": query, "files": file}),
            ("POST", "/v1/documents", {"json": query | {"text": "Ja."}}),
            ("POST", "/v1/batches", {"params": query, "files": {"files": ("a.txt", b"Ja.")}}),
            ("POST", "/v1/batches", {"data": query, "files": {"files": ("a.txt", b"Ja.")}}),
            ("PUT", "/v1/documents/refused/parts/0", {"params": query, "content": "Ja.", "headers": TEXT}),
        ]
        for method, path, request in ways:
            found = await problem(flow, method, path, status, kind, **request)
            assert text in json.dumps(found, ensure_ascii=False), (method, path, found)

    await refused(422, "invalid", {"traget": "fr"}, "did you mean 'target'")
    await refused(422, "invalid", {"alternatives": "11"}, "alternatives")
    await refused(422, "invalid", {"memory": "perhaps"}, "memory")
    await refused(404, "not-found", {"glossary": "nowhere"}, "there is no glossary 'nowhere'")
    glossary = await _glossary(flow)
    await refused(422, "input", {"glossary": glossary, "target": "fr"}, "is for de→en, not for de→fr")
    assert (await flow.http.get("/v1/documents")).json()["items"] == [], "nothing was begun"
