"""The kinds of files that are translated. All that speaks of kinds (routes, page, command line, errors, docs) reads this."""

import importlib
from dataclasses import dataclass
from pathlib import PurePath
from typing import Literal, cast

from formats.document import Reader
from formats.errors import KindError
from pipeline.errors import InputError

Family = Literal["text", "markup", "office"]


@dataclass(frozen=True)
class Kind:
    """A kind of file."""

    name: str
    """As people call it: `docx`."""
    suffixes: tuple[str, ...]
    """With a dot, in small letters; the first is the usual one."""
    media_types: tuple[str, ...]
    """The first is the one that results are given with."""
    about: str
    """In a few words, with its article."""
    module: str = ""
    """The reader; empty: it is text, sent on as it is while it arrives. By which bytes it is told: `pipeline.signatures`."""
    outputs: tuple[str, ...] = ()
    """Names of the kinds that it is given back as, the usual one first; empty: as what it is."""

    @property
    def is_text(self) -> bool:
        """Whether it is sent on as it is, without a reader."""
        return not self.module

    def reader(self) -> Reader:
        """Return its reader, which is loaded when it is needed."""
        return cast("Reader", importlib.import_module(self.module))


_OFFICE = "application/vnd.openxmlformats-officedocument"
_SLIDES, _SHEETS, _WORD = "formats.office.slides.reader", "formats.office.sheets.reader", "formats.office.word.reader"
_XML = "formats.text.data_xml"

TEXT = Kind(
    "txt",
    # Of the layout of the others the segmenter sees what is not to be translated.
    (".txt", ".text", ".srt", ".vtt", ".csv", ".tsv", ".po", ".ini", ".log", ".rst", ".adoc", ".tex"),
    ("text/plain",),
    "a plain text",
)
KINDS: tuple[Kind, ...] = (
    TEXT,
    *(
        Kind(
            name,
            (f".{name}",),
            (f"application/vnd.oasis.opendocument.{media}",),
            about,
            "formats.office.opendocument",
        )
        for name, media, about in (
            ("odt", "text", "an OpenDocument text"),
            ("ott", "text-template", "a template of OpenDocument texts"),
            ("odp", "presentation", "an OpenDocument presentation"),
            ("otp", "presentation-template", "a template of OpenDocument presentations"),
            ("odg", "graphics", "an OpenDocument drawing"),
            ("ods", "spreadsheet", "an OpenDocument spreadsheet"),
            ("ots", "spreadsheet-template", "a template of OpenDocument spreadsheets"),
        )
    ),
    *(
        Kind(
            f"fod{name}",
            (f".fod{name}",),
            (f"application/vnd.oasis.opendocument.{media}-flat-xml",),
            f"an OpenDocument {media} in one XML file",
            "formats.office.opendocument.flat",
        )
        for name, media in (("t", "text"), ("p", "presentation"), ("s", "spreadsheet"), ("g", "graphics"))
    ),
    # The segmenter reads it, and the translator keeps its markup (docs/decisions/0059-pages-and-books.md).
    Kind("md", (".md", ".markdown", ".mdown"), ("text/markdown", "text/x-markdown"), "a text in Markdown"),
    Kind("html", (".html", ".htm"), ("text/html",), "a web page", "formats.web.html"),
    Kind("epub", (".epub",), ("application/epub+zip",), "a book (EPUB)", "formats.epub.reader"),
    Kind("srt", (".srt",), ("application/x-subrip", "text/srt"), "subtitles of SubRip", "formats.text.subtitles.srt"),
    Kind("vtt", (".vtt",), ("text/vtt",), "subtitles of the web", "formats.text.subtitles.vtt"),
    Kind(
        "po",
        (".po", ".pot"),
        ("text/x-gettext-translation", "text/x-po"),
        "a catalogue of gettext",
        "formats.text.catalogues.po",
    ),
    Kind(
        "xliff",
        (".xlf", ".xliff", ".sdlxliff", ".mqxliff"),
        ("application/xliff+xml", "application/x-xliff+xml"),
        "a file for translators (XLIFF)",
        "formats.text.catalogues.xliff",
    ),
    Kind("csv", (".csv",), ("text/csv",), "a table as text (CSV)", "formats.text.values.tables"),
    Kind(
        "tsv", (".tsv", ".tab"), ("text/tab-separated-values",), "a table as text (TSV)", "formats.text.values.tables"
    ),
    Kind(
        "json", (".json", ".arb"), ("application/json",), "texts of a program in JSON", "formats.text.values.i18n_json"
    ),
    Kind(
        "properties",
        (".properties",),
        ("text/x-java-properties",),
        "texts of a Java program",
        "formats.text.values.properties",
    ),
    Kind(
        "strings",
        (".strings",),
        ("text/x-apple-strings",),
        "texts of a program of Apple's",
        "formats.text.values.apple",
    ),
    Kind("stringsdict", (".stringsdict",), ("application/x-plist",), "plurals of a program of Apple's", _XML),
    Kind("xml", (".xml",), ("application/xml", "text/xml"), "XML, such as the texts of an Android program", _XML),
    Kind("xhtml", (".xhtml", ".xht"), ("application/xhtml+xml",), "a web page in XHTML", "formats.web.xhtml"),
    Kind("docx", (".docx",), (f"{_OFFICE}.wordprocessingml.document",), "a Word document", _WORD),
    Kind(
        "docm",
        (".docm",),
        ("application/vnd.ms-word.document.macroEnabled.12",),
        "a Word document with macros",
        _WORD,
    ),
    Kind("dotx", (".dotx",), (f"{_OFFICE}.wordprocessingml.template",), "a template of Word", _WORD),
    Kind("pptx", (".pptx",), (f"{_OFFICE}.presentationml.presentation",), "a presentation", _SLIDES),
    Kind(
        "pptm",
        (".pptm",),
        ("application/vnd.ms-powerpoint.presentation.macroEnabled.12",),
        "a presentation with macros",
        _SLIDES,
    ),
    Kind("ppsx", (".ppsx",), (f"{_OFFICE}.presentationml.slideshow",), "a slide show", _SLIDES),
    Kind("potx", (".potx",), (f"{_OFFICE}.presentationml.template",), "a template of presentations", _SLIDES),
    Kind("xlsx", (".xlsx",), (f"{_OFFICE}.spreadsheetml.sheet",), "a workbook", _SHEETS),
    Kind(
        "xlsm",
        (".xlsm",),
        ("application/vnd.ms-excel.sheet.macroEnabled.12",),
        "a workbook with macros",
        _SHEETS,
    ),
    Kind("xltx", (".xltx",), (f"{_OFFICE}.spreadsheetml.template",), "a template of workbooks", _SHEETS),
    *(
        Kind(name, (f".{name}",), (f"application/vnd.ms-{media}.macroEnabled.12",), about, module)
        for name, media, about, module in (
            ("dotm", "word.template", "a template of Word with macros", _WORD),
            ("ppsm", "powerpoint.slideshow", "a slide show with macros", _SLIDES),
            ("potm", "powerpoint.template", "a template of presentations with macros", _SLIDES),
            ("xltm", "excel.template", "a template of workbooks with macros", _SHEETS),
        )
    ),
    Kind("pdf", (".pdf",), ("application/pdf",), "a PDF", "formats.pdf.reader", ("docx", "html")),
)
"""One line a kind; order is that of errors and docs. Of two that have a suffix the later one reads it."""

_SAVED_AS = (
    (
        ".docx",
        (".doc", ".dot", ".rtf", ".wps", ".wpd", ".pages"),
        ("application/msword", "application/rtf", "text/rtf"),
    ),
    (".xlsx", (".xls", ".xlt", ".xlsb", ".numbers"), ("application/vnd.ms-excel",)),
    (".pptx", (".ppt", ".pps", ".key"), ("application/vnd.ms-powerpoint",)),
    (".odt", (".sxw", ".stw", ".odm"), ("application/vnd.sun.xml.writer",)),
    (".ods", (".sxc", ".stc"), ("application/vnd.sun.xml.calc",)),
    (".odp", (".sxi", ".sti"), ("application/vnd.sun.xml.impress",)),
    (".epub", (".mobi", ".azw", ".azw3"), ("application/x-mobipocket-ebook",)),
    (".html", (".mht", ".mhtml"), ("multipart/related",)),
)
"""What kinds that are not translated can be saved as by the programs that made them: by their suffixes and media types."""

_HINTS = {name: wanted for wanted, *names in _SAVED_AS for name in (*names[0], *names[1])}
_BY_SUFFIX = {suffix: kind for kind in KINDS for suffix in kind.suffixes}
_BY_TYPE = {media.lower(): kind for kind in KINDS for media in kind.media_types}


def kind_of(name: str, media_type: str = "") -> Kind | None:
    """Return the kind of a file by its name, else by its media type; None if it is none that is translated."""
    suffix = PurePath(name).suffix.lower()
    return _BY_SUFFIX.get(suffix) or (_BY_TYPE.get(media_type.lower()) if not suffix else None)


def saved_as(*names: str) -> str:
    """Return what to do with files of kinds that are not translated, by suffixes or media types; empty: nothing is known."""
    wanted = list(dict.fromkeys(_HINTS[name.lower()] for name in names if name.lower() in _HINTS))
    if not wanted:
        return ""
    *others, last = wanted
    return f"save it as {', '.join(others)} or {last}, and send that" if others else f"save it as {last}, and send that"


def saved_from(kind: Kind) -> list[str]:
    """Return the suffixes of files that are not translated, but can be saved as files of a kind."""
    return [suffix for wanted, others, _ in _SAVED_AS if wanted == kind.suffixes[0] for suffix in others]


def refusal(suffix: str, media_type: str = "") -> KindError:
    """Return the error for a kind that is not translated: it says what to save the file as, or which kinds there are."""
    what = f"files of the kind {suffix}" if suffix else f"files of the type {media_type}"
    help_ = saved_as(suffix or media_type) or f"send {', '.join(suffixes())}"
    return KindError(f"{what} are not translated; {help_}")


def output_of(kind: Kind, wanted: str = "") -> Kind:
    """Return the kind that a file of a kind is given back as. Raises `InputError` for one that it is not."""
    names = kind.outputs or (kind.name,)
    name = wanted or names[0]
    if name not in names:
        raise InputError(f"{kind.about} is given back as {' or '.join(names)}, not as {name}")
    return next(one for one in KINDS if one.name == name)


def suffixes() -> list[str]:
    """Return all suffixes, each once, the usual ones first of each kind."""
    return list(dict.fromkeys(suffix for kind in KINDS for suffix in kind.suffixes))
