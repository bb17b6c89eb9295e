"""What is on the topics, for people who use Kafka: as AsyncAPI, and as a page to read."""

import html
import json
import re
from typing import Any

from fastapi import APIRouter
from fastapi.responses import HTMLResponse

from api.services import Served
from pipeline.asyncapi import document

router = APIRouter(tags=["operations"])

_POLICY = "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'"
_STYLE = (
    ":root{color-scheme:light dark}body{font:1rem/1.5 system-ui,sans-serif;max-width:60rem;margin:2rem auto;padding:0 1rem}"
    "table{border-collapse:collapse;width:100%}th,td{text-align:left;padding:.2rem .8rem .2rem 0;vertical-align:top}"
    "pre{overflow:auto;padding:.8rem;border:1px solid #8885;border-radius:.4rem}"
)


@router.get("/asyncapi.json")
async def asyncapi(services: Served) -> dict[str, Any]:
    """Describe all topics and events (AsyncAPI 3)."""
    return document(services.topics)


@router.get("/asyncapi", response_class=HTMLResponse)
async def asyncapi_page(services: Served) -> HTMLResponse:
    """Describe all topics and events, to be read."""
    return HTMLResponse(page_of(document(services.topics)), headers={"Content-Security-Policy": _POLICY})


def page_of(described: dict[str, Any]) -> str:
    """Return a page of what an AsyncAPI document says."""
    sections = "".join(_section(name, channel, described) for name, channel in described["channels"].items())
    return (
        "<!doctype html><html lang=en><meta charset=utf-8><meta name=viewport content='width=device-width'>"
        f"<title>Satzstrom on Kafka</title><style>{_STYLE}</style><h1>Satzstrom on Kafka</h1>"
        f"<p>{_text(described['info']['description'])} <a href=asyncapi.json>AsyncAPI 3</a></p>{sections}"
    )


def _section(name: str, channel: dict[str, Any], described: dict[str, Any]) -> str:
    roles = [key.split(".") for key in described["operations"] if key.split(".", 2)[2] == name]
    who = "; ".join(
        f"{verb} {', '.join(role for role, action, *_ in roles if action == kind)}"
        for kind, verb in (("send", "written by"), ("receive", "read by"))
    )
    (message,) = (described["components"]["messages"][kind] for kind in channel["messages"])
    examples = "".join(
        f"<pre>{html.escape(json.dumps(example['payload'], indent=1, ensure_ascii=False))}</pre>"
        for example in message.get("examples", [])
    )
    schema = described["components"]["schemas"].get(message["name"], {})
    fields = "".join(
        f"<tr><td><code>{_text(field)}</code></td><td>{'required' if field in schema.get('required', []) else ''}</td>"
        f"<td>{_text(entry.get('description', ''))}</td></tr>"
        for field, entry in schema.get("properties", {}).items()
    )
    table = f"<table>{fields}</table>" if fields else ""
    partitions = channel["bindings"]["kafka"]["partitions"]
    return (
        f"<h2><code>{_text(channel['address'])}</code></h2><p>{_text(channel['description'])} {_text(who)}; "
        f"{partitions} partitions.</p><h3>{_text(message['name'])}</h3><p>{_text(message['summary'])}</p>{table}{examples}"
    )


def _text(text: str) -> str:
    """Return HTML of a text; what stands in backticks is code."""
    return re.sub(r"`([^`]+)`", r"<code>\1</code>", html.escape(text))
