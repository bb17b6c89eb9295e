"""The OpenAPI document as generators of clients want it: names that stay, a summary each, and what the tags stand for."""

import re
from typing import Any

from fastapi import FastAPI
from fastapi.routing import APIRoute

DESCRIPTION = """
Translates documents of any length as a stream of sentences. Submit a text, watch it being translated, read it while it
grows. Errors are problem details (RFC 9457): `type` is for programs, `detail` says what to do, `request_id` finds the
request in the log of the API. A header `X-Request-ID` may choose that id; each answer has it.
"""
TAGS = {
    "documents": "Texts and files of any length: submit them, watch them grow, read and correct them.",
    "batches": "Several files in one request.",
    "texts": "Translations at once, for programs in which somebody types.",
    "search": "Sentences of all documents, by what they say.",
    "memory": "The translation memory: what people made of sentences, to be used again.",
    "glossaries": "Terms and what is to stand in their place.",
    "usage": "What a key has used, and may use.",
    "dead letters": "Records that could not be used; for admins.",
    "operations": "The pipeline itself: what it translates, how it is doing, its topics.",
    "libretranslate": "For programs made for LibreTranslate.",
    "deepl": "For programs made for DeepL.",
}
_DIALECTS = ("deepl", "libretranslate")
# Names of functions are short where they stand; here nothing around them says what they are about.
_NAMES = {
    "asyncapi": "get_asyncapi",
    "asyncapi_page": "get_asyncapi_page",
    "batch_status": "get_batch",
    "cancel": "cancel_document",
    "delete": "delete_document",
    "delete_glossary_of_mine": "delete_glossary",
    "document_file": "get_document_file",
    "edits": "stream_edits",
    "events": "stream_events",
    "export": "export_document",
    "file_upload": "get_file",
    "formats": "list_formats",
    "get_glossary_status": "get_glossary",
    "glossary_file": "get_glossary_file",
    "list_entries": "list_glossary_entries",
    "add_entries": "add_glossary_entries",
    "replace_entries": "replace_glossary_entries",
    "edit_entries": "edit_glossary_entries",
    "list_secrets": "list_callback_secrets",
    "livez": "get_liveness",
    "models": "list_models",
    "outline": "get_outline",
    "overview": "get_pipeline",
    "pairs": "list_pairs",
    "parts": "list_parts",
    "readyz": "get_readiness",
    "reload": "reload_models",
    "rename": "rename_document",
    "rotate_secret": "rotate_callback_secret",
    "search": "search_sentences",
    "sentence": "get_sentence",
    "sentences": "list_sentences",
    "show_dead_letter": "get_dead_letter",
    "status": "get_document",
    "submit": "submit_document",
    "text": "get_text",
    "translate": "translate_text",
    "usage": "get_usage",
}
_NO_WORD = re.compile(r"[^A-Za-z0-9]+")
_SENTENCE = re.compile(r"(.+?[.:;])(?:\s|$)")


def operation_id(route: APIRoute) -> str:
    """Return what an operation is called in clients that are generated; the names of functions may change, these may not."""
    dialect = next((tag for tag in _DIALECTS if tag in route.tags), None)
    if dialect is None:
        return _NAMES.get(route.name, route.name)
    method = min(route.methods or {"GET"})
    place = _NO_WORD.sub("_", route.path_format.removeprefix("/v2")).strip("_")
    return f"{dialect}_{method.lower()}_{place}"


def install(app: FastAPI) -> None:
    """Let the document say how a key is given, and have a summary for each operation: the beginning of its description."""
    describe = app.openapi
    made: dict[str, Any] = {}

    def described() -> dict[str, Any]:
        """Return the document, which is made once: every answer about a wrong method looks into it."""
        if not made:
            made.update(_complete(describe()))
        return made

    app.openapi = described  # type: ignore[method-assign]  # as FastAPI's documentation does it


def _complete(found: dict[str, Any]) -> dict[str, Any]:
    """Return what FastAPI says of the API with all that is missing there."""
    found["components"]["securitySchemes"] = {"key": {"type": "http", "scheme": "bearer"}}
    # Whether keys are asked for depends on where the API is reached.
    found["security"] = [{}, {"key": []}]
    for item in found["paths"].values():
        for operation in item.values():
            if isinstance(operation, dict) and (begins := _SENTENCE.match(operation.get("description", ""))):
                operation["summary"] = begins[1].rstrip(".:;")
    schemas = found["components"]["schemas"]
    found["paths"] = _with_names(found["paths"], schemas)
    for name, schema in schemas.items():
        # Classes that are generated are called so; of two modules' schemas of one name each has another.
        schema["title"] = name
    return found


def _with_names(node: Any, schemas: dict[str, Any]) -> Any:
    """Return a part of the document in which objects that have a title stand among the schemas, each once.

    Those that a schema brings as definitions of its own, which generators do not look into, are among them.
    """
    if isinstance(node, list):
        return [_with_names(one, schemas) for one in node]
    if not isinstance(node, dict):
        return node
    named = {name: _with_names(one, schemas) for name, one in node.items()}
    named.pop("$defs", None)
    if isinstance(reference := named.get("$ref"), str):
        named["$ref"] = reference.replace("#/$defs/", "#/components/schemas/")
    title = named.get("title")
    if (
        isinstance(title, str)
        and title.isidentifier()
        and "properties" in named
        and schemas.setdefault(title, named) == named
    ):
        return {"$ref": f"#/components/schemas/{title}"}
    return named
