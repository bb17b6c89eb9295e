"""Names of OpenDocument, by what their elements are to a translator."""

_URN = "urn:oasis:names:tc:opendocument:xmlns:"
PREFIXES = {
    f"{_URN}office:1.0": "office",
    f"{_URN}text:1.0": "text",
    f"{_URN}table:1.0": "table",
    f"{_URN}drawing:1.0": "draw",
    f"{_URN}presentation:1.0": "presentation",
    f"{_URN}style:1.0": "style",
    f"{_URN}xsl-fo-compatible:1.0": "fo",
    f"{_URN}svg-compatible:1.0": "svg",
    f"{_URN}form:1.0": "form",
    f"{_URN}meta:1.0": "meta",
    f"{_URN}manifest:1.0": "manifest",
    "urn:openoffice:names:experimental:ooo-ms-interop:xmlns:field:1.0": "field",
    "urn:org:documentfoundation:names:experimental:office:xmlns:loext:1.0": "loext",
    "http://openoffice.org/2009/office": "officeooo",
    "http://www.w3.org/1999/xlink": "xlink",
    "http://www.w3.org/1998/Math/MathML": "math",
    "http://purl.org/dc/elements/1.1/": "dc",
    "http://www.w3.org/XML/1998/namespace": "xml",
}
"""Prefixes by which names are known here, whatever a file calls them."""

PARAGRAPHS = frozenset(("text:p", "text:h"))
SPANS = frozenset((
    "text:span", "text:a", "text:meta", "text:placeholder", "text:text-input", "loext:content-control",
))  # fmt: skip
"""Elements around words of a sentence."""

REFERENCES = frozenset(("text:bookmark-ref", "text:reference-ref"))
"""They say again what stands elsewhere: a number, which is kept, or words."""

POINTS = frozenset((
    "text:bookmark", "text:bookmark-start", "text:bookmark-end", "text:reference-mark", "text:reference-mark-start",
    "text:reference-mark-end", "text:change", "text:change-start", "text:change-end", "text:soft-page-break",
    "text:toc-mark", "text:toc-mark-start", "text:toc-mark-end", "text:user-index-mark", "text:user-index-mark-start",
    "text:user-index-mark-end", "text:alphabetical-index-mark", "text:alphabetical-index-mark-start",
    "text:alphabetical-index-mark-end", "office:annotation-end", "field:fieldmark", "field:fieldmark-start",
    "field:fieldmark-end", "field:fieldmark-separator", "text:hidden-paragraph", "text:script", "text:number",
    "text:page-variable-set",
))  # fmt: skip
"""Elements that nobody reads, at one place of a sentence."""

NESTED = frozenset(("text:note", "text:ruby"))
"""Elements of the namespace of texts that are no fields."""

PLAIN = frozenset((
    "svg:title", "svg:desc", "table:title", "table:desc", "text:index-title-template", "text:index-entry-span",
    "text:note-continuation-notice-forward", "text:note-continuation-notice-backward", "presentation:footer-decl",
    "presentation:header-decl",
))  # fmt: skip
"""Elements outside of paragraphs that hold nothing but text."""

PROPERTIES = frozenset(("dc:title", "dc:subject", "dc:description"))
"""What is translated of the properties of a document."""

ATTRIBUTES = {
    "text:a": ("office:title",),
    "table:help-message": ("table:title",),
    "table:error-message": ("table:title",),
    "form:button": ("form:label", "form:title"),
    "form:checkbox": ("form:label", "form:title"),
    "form:radio": ("form:label", "form:title"),
    "form:frame": ("form:label", "form:title"),
    "form:fixed-text": ("form:label", "form:title"),
}
"""Attributes that people read."""

SKIPPED = {
    "text:deletion": "tracked deletions",
    "table:tracked-changes": "tracked changes",
    "office:change-info": "",
    "office:scripts": "",
    "office:binary-data": "",
    "office:event-listeners": "",
    "math:math": "formulas",
    "table:dde-links": "",
    "table:scenario": "",
    "table:data-pilot-tables": "",
    "text:user-field-decls": "",
    "text:variable-decls": "",
}
"""Elements that are left as they are, and why."""

SHOWN = frozenset((
    "draw:image", "draw:object", "draw:object-ole", "draw:text-box", "draw:applet", "draw:floating-frame", "draw:plugin",
    "table:table",
))  # fmt: skip
"""What a frame may show, the best first."""

CODE = frozenset(("Source_20_Text", "User_20_Entry", "Example", "Variable", "Teletype"))
"""Styles of words that are no language: the character styles that office programs have for what is typed or put out."""

CONTENTS = "Contents_20_"
"""What the names of the styles of contents' entries begin with, where Word's contents have become paragraphs."""

NUMBERS = frozenset(("float", "percentage", "currency", "date", "time", "boolean"))
"""Types of cells whose text is made from a value."""

COUNTRIES = {
    "ar": "EG", "cs": "CZ", "da": "DK", "de": "DE", "el": "GR", "en": "US", "es": "ES", "et": "EE", "fi": "FI", "fr": "FR",
    "hu": "HU", "it": "IT", "ja": "JP", "ko": "KR", "nl": "NL", "no": "NO", "pl": "PL", "pt": "PT", "ro": "RO", "ru": "RU",
    "sk": "SK", "sl": "SI", "sv": "SE", "tr": "TR", "uk": "UA", "zh": "CN",
}  # fmt: skip
"""A country with each language, as dictionaries for spelling are found by both."""
