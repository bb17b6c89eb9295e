"""Names of files that are offered for download."""

import re
from urllib.parse import quote

from api.exports.languages import source_of
from store.documents.reading import Document

# Beside letters, digits and these a name may mean something to a shell, a file system or a header.
_UNSAFE = re.compile(r"[^\w .()+-]+")
_LONGEST = 100


def title_of(document: Document) -> str:
    """Return what a document is called: the name of its file, else its id."""
    filename = document.metadata.get("filename")
    return filename if isinstance(filename, str) and filename else document.id


def disposition(document: Document, ending: str, *, both_languages: bool = False) -> str:
    """Return the Content-Disposition of a translation: named after the file that it came from, else after its id."""
    filename = document.metadata.get("filename")
    whole = filename if isinstance(filename, str) else ""
    stem = _safe(whole.rpartition(".")[0] or whole) or _safe(document.id) or "document"
    languages = f"{source_of(document)}-{document.target}" if both_languages else document.target
    name = f"{stem}.{languages}.{ending}"
    # The first for programs that know ASCII only; RFC 6266 says that the second counts where it is understood.
    ascii_name = name.encode("ascii", "replace").decode().replace("?", "_")
    return f"attachment; filename=\"{ascii_name}\"; filename*=UTF-8''{quote(name, safe='')}"


def _safe(name: str) -> str:
    return _UNSAFE.sub("_", name)[:_LONGEST].strip(" .")
