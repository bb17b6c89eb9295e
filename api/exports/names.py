"""Names of files that are offered for download."""

import re
from urllib.parse import quote

from api.exports.languages import source_of
from store.documents.reading import Document

# Beside letters, digits and these a name may mean something to a shell, a file system or a header.
_UNSAFE = re.compile(r"[^\w .()+-]+")
_LONGEST = 100


def title_of(document: Document) -> str:
    """Return what a document is called."""
    return document.name


def disposition(document: Document, ending: str, *, both_languages: bool = False) -> str:
    """Return the Content-Disposition of a translation, under the document's name."""
    stem, _ = _parts(document)
    languages = f"{source_of(document)}-{document.target}" if both_languages else document.target
    return _attachment(f"{stem}.{languages}.{ending}")


def file_disposition(document: Document, suffix: str, name: str | None = None, *, keep: bool = True) -> str:
    """Return the Content-Disposition of a document in its own format: `vertrag_en.docx` of `vertrag.docx`.

    `suffix` is for one that came without a name, or whose suffix is not to be kept; `name` is another name, as it is to be.
    """
    stem, own = _parts(document)
    return _attachment(name or f"{stem}_{document.target}{(keep and own) or suffix}")


def attachment(name: str, ending: str) -> str:
    """Return the Content-Disposition of a file that is called so."""
    return _attachment(f"{_safe(name) or 'file'}.{ending}")


def _parts(document: Document) -> tuple[str, str]:
    """Return the stem of a document's name, and the suffix of the file that it came in."""
    filename = document.metadata.get("filename")
    whole = filename if isinstance(filename, str) else ""
    stem, dot, suffix = whole.rpartition(".")
    suffix = f"{dot}{_safe(suffix)}" if stem else ""
    # A title may have the suffix, too: it is not to be there twice.
    stem = document.name.removesuffix(suffix).rstrip("…")
    return _safe(stem) or _safe(document.id) or "document", suffix if suffix != "." else ""


def _attachment(name: str) -> str:
    # The first for programs that know ASCII only; RFC 6266 says that the second counts where it is understood.
    ascii_name = name.encode("ascii", "replace").decode().replace("?", "_")
    return f"attachment; filename=\"{ascii_name}\"; filename*=UTF-8''{quote(name, safe='')}"


def _safe(name: str) -> str:
    return _UNSAFE.sub("_", name)[:_LONGEST].strip(" .")
