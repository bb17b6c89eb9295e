"""Commands that look through what was translated."""

import sys
from itertools import islice
from typing import TYPE_CHECKING, Annotated, Literal

import msgspec
import typer
from rich.console import Console
from rich.text import Text

from pipeline.command_line import UsageError
from pipeline.confidence import Level
from producer.commands import DocumentId, Json
from producer.connecting import Api, DataFolder, client_for
from producer.tables import print_table
from producer.wording import is_broken, not_done, state_of
from satzstrom.results import Context, Status

if TYPE_CHECKING:
    from satzstrom.orders import SentenceFilters

Order = Literal["position", "confidence"]
Limit = Annotated[int, typer.Option("--limit", "-n", min=1, help="So many at most.")]


def list_documents(  # noqa: PLR0913, PLR0917 (each is an option)
    state: Annotated[str | None, typer.Option(help="Only documents in this state.")] = None,
    source: Annotated[str | None, typer.Option(help="Only of this language.")] = None,
    target: Annotated[str | None, typer.Option(help="Only into this language.")] = None,
    created_after: Annotated[str | None, typer.Option(metavar="TIME", help="Only those made then or later.")] = None,
    created_before: Annotated[str | None, typer.Option(metavar="TIME", help="Only those made before.")] = None,
    metadata: Annotated[list[str] | None, typer.Option(metavar="NAME=VALUE", help="Only with this metadata.")] = None,
    batch: Annotated[str | None, typer.Option(help="Only of this batch.")] = None,
    words: Annotated[str | None, typer.Option("--words", help="Only with these words.")] = None,
    sort: Annotated[
        str | None, typer.Option(help="created, finished or characters; with - before it the other way round.")
    ] = None,
    limit: Limit = 20,
    json: Json = False,
    api: Api = None,
    data: DataFolder = None,
) -> None:
    """List documents, newest first."""
    values = dict(pair_of("--metadata", one) for one in metadata or [])
    with client_for(api, data) as client:
        entries = client.documents(
            metadata=values, state=state, source=source, target=target, created_after=created_after,
            created_before=created_before, batch=batch, q=words, sort=sort,
        )  # fmt: skip
        found = list(islice(entries, limit))
    if json:
        sys.stdout.write(msgspec.json.encode(found).decode() + "\n")
        return
    rows = [("id", "state", "languages", "sentences", "created", "name")]
    rows.extend(map(_row, found))
    print_table(rows, flexible=5)
    for entry in filter(is_broken, found):
        sys.stderr.write(f"{not_done(entry)}\n")


def _row(entry: Status) -> tuple[str, str, str, str, str, str]:
    created = f"{entry.created.astimezone():%Y-%m-%d %H:%M}"
    return entry.id, state_of(entry), f"{entry.source}→{entry.target}", _counts(entry), created, entry.called


def _counts(status: Status) -> str:
    """Return how many sentences are translated of how many; ~: about so many, ?: more to come."""
    counts = status.sentences
    if status.estimated is None:
        return f"{counts.translated}/{counts.total}{'?' if status.state == 'receiving' else ''}"
    return f"{counts.translated}/{'' if status.estimated == counts.total else '~'}{status.estimated}"


def search(
    words: Annotated[list[str], typer.Argument(metavar="WORDS", help="Words that all have to be in a sentence.")],
    document: Annotated[str | None, typer.Option(help="Only in this document.")] = None,
    limit: Limit = 20,
    json: Json = False,
    api: Api = None,
    data: DataFolder = None,
) -> None:
    """Find sentences by their source or their translation."""
    with client_for(api, data) as client:
        found = list(islice(client.search(" ".join(words), document=document), limit))
    if json:
        sys.stdout.write(msgspec.json.encode(found).decode() + "\n")
        return
    console = Console(highlight=False, soft_wrap=True)
    for hit in found:
        console.print(f"{hit.document} {hit.sentence.position}", style="dim", markup=False)
        for context in hit.contexts:
            console.print(_marked(context))
        if "source" not in hit.matched:
            console.print(_marked(Context("source", hit.sentence.source, [])), style="dim")
        elif "translation" not in hit.matched and hit.sentence.translation is not None:
            console.print(_marked(Context("translation", hit.sentence.translation, [])), style="dim")


def sentences(  # noqa: PLR0913, PLR0917 (each is an option)
    document: DocumentId,
    confidence: Annotated[
        Level | None, typer.Option(help="Only those whose translation can be relied on so far.")
    ] = None,
    order: Annotated[
        Order, typer.Option(help="As in the text, or those that can be relied on least first.")
    ] = "position",
    doubt: Annotated[
        bool | None, typer.Option("--doubt/--no-doubt", help="Only those with a reason to be checked, or the others.")
    ] = None,
    reason: Annotated[
        str | None, typer.Option(help="Only those with this reason, for example numbers; failed: not translated.")
    ] = None,
    words: Annotated[
        str | None, typer.Option("--words", help="Only those with these characters, on either side.")
    ] = None,
    missed: Annotated[
        bool | None,
        typer.Option("--missed/--no-missed", help="Only those that lack a term of the glossary, or the others."),
    ] = None,
    corrected: Annotated[
        bool | None,
        typer.Option("--corrected/--no-corrected", help="Only those that a person gave a text, or the others."),
    ] = None,
    approved: Annotated[
        bool | None,
        typer.Option("--approved/--no-approved", help="Only those that a person has approved, or the others."),
    ] = None,
    limit: Limit = 20,
    json: Json = False,
    api: Api = None,
    data: DataFolder = None,
) -> None:
    """Show sentences with their translations, and how far these can be relied on."""
    filters: SentenceFilters = {
        "doubt": doubt, "reason": reason, "words": words, "missed": missed, "corrected": corrected, "approved": approved,
    }  # fmt: skip
    with client_for(api, data) as client:
        found = list(islice(client.sentences(document, confidence=confidence, order=order, **filters), limit))
    if json:
        sys.stdout.write(msgspec.json.encode(found).decode() + "\n")
        return
    console = Console(highlight=False, soft_wrap=True)
    for one in found:
        sure = f" {one.level} ({one.confidence}): {one.reason}" if one.level else ""
        console.print(f"{one.position}{sure}", style="dim", markup=False)
        console.print(f"  {one.source}", markup=False)
        console.print(f"  {one.translation if one.translation is not None else '…'}", markup=False)
        for other in one.alternatives:
            console.print(f"  or: {other}", markup=False)
        for term in one.terms:
            if term.kept is False:
                console.print(f"  without the term: {term.source} → {term.target}", markup=False)


def _marked(context: Context) -> Text:
    """Return an excerpt in one line, with what was found in it in bold: white space of any length is a space."""
    text, before = Text("  "), " "
    for place, sign in enumerate(context.text):
        shown = " " if sign.isspace() else sign
        if shown != " " or before != " ":
            bold = any(start <= place < end for start, end in context.matches)
            text.append(shown, "bold" if bold else None)
        before = shown
    text.rstrip()
    return text


def pair_of(option: str, text: str) -> tuple[str, str]:
    """Return the name and the value of NAME=VALUE. Raises `UsageError`."""
    name, sign, value = text.partition("=")
    if not sign or not name:
        raise UsageError(f"{option} {text}: write NAME=VALUE")
    return name, value
