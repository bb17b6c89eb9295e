"""Addresses, firms and authors in German: names that are looked up, and that a small model takes for words.

`Lindenallee 12` loses a letter, `50667 Köln` becomes cups, and `Sonnenschein GmbH` is sunshine.
"""

import re
from collections.abc import Iterator

from translator.kept import terms
from translator.kept.masks import Masked

_HOUSE = r"\d{1,4}(?: ?[a-h](?![\w.]))?(?:[-\u2013/]\d{1,4}[a-h]?)?(?![\w%°€$]|[.,:]\d)"
_WAY = "traße|trasse|tr\\."
# A platform, a parking space and a detour have numbers, too.
_STREET = re.compile(
    r"(?<![\w-])(?:(?!(?:Um|Aus|Hin|Rück|Rad|Geh|Lehr|Dienst|Schul|Seh|Heim|Neben)weg)"
    rf"[A-ZÄÖÜ](?:[^\W\d_]|-){{1,40}}(?:s(?:{_WAY})|gasse|allee|chaussee|promenade|weg|damm)"
    r"|(?!(?:Die|Eine|Diese|Jede|Keine|Unsere|Seine|Ihre|Dieser|Jeder|Unser|Nächster|Ein) )"
    r"[A-ZÄÖÜ][a-zäöüß]{1,30}(?:er|e|es|en) "
    rf"(?:S(?:{_WAY})|Platz|Weg|Allee|Gasse|Ring|Damm|Ufer|Chaussee|Markt|Graben|Wall)) {_HOUSE}"
)
# "An der Alten Brücke 17 b", alone on a line.
_AT = re.compile(
    r"(?:An de[rnm]|Am|Unter de[rnm]|Hinter de[rnm]|Auf de[rm]) (?:[A-ZÄÖÜ][a-zäöüß]{2,20}e[nmr] )?[A-ZÄÖÜ]?[a-zäöüß]{0,20}"
    r"(?i:brücke|mühle|kirche|tor|bach|berg|wiese|feld|garten|hof|park|see|wald|linden?|eichen?|kanal|turm|schloss|markt"
    rf"|rain|hang|graben|anger) {_HOUSE}\Z"
)
_TOWNS = (
    "Aachen|Augsburg|Basel|Berlin|Bern|Bielefeld|Bochum|Bonn|Braunschweig|Bremen|Chemnitz|Dortmund|Dresden|Duisburg"
    "|Düsseldorf|Erfurt|Essen|Flensburg|Frankfurt(?: am Main| a\\. ?M\\.|/M\\.)?|Freiburg|Fürth|Genf|Gera|Gießen|Göttingen"
    "|Graz|Halle(?: \\(Saale\\))?|Hamburg|Hamm|Hannover|Innsbruck|Jena|Kassel|Kiel|Koblenz|Köln|Krefeld|Leipzig|Linz|Lübeck"
    "|Luzern|Magdeburg|Mainz|Mannheim|München|Münster|Nürnberg|Oldenburg|Osnabrück|Passau|Potsdam|Regensburg|Rostock"
    "|Saarbrücken|Salzburg|Schwerin|Stuttgart|Trier|Ulm|Weimar|Wien|Wiesbaden|Winterthur|Wuppertal|Würzburg|Zürich|Zwickau"
)
# Towns that have another name in English.
_IN_ENGLISH = {
    "Braunschweig": "Brunswick",
    "Genf": "Geneva",
    "Hannover": "Hanover",
    "Köln": "Cologne",
    "Luzern": "Lucerne",
    "München": "Munich",
    "Nürnberg": "Nuremberg",
    "Wien": "Vienna",
    "Zürich": "Zurich",
}
# "Essen" is a meal, too, and "Halle" a hall.
_TOWN_ALONE = re.compile(rf"(?!Essen|Halle|Hamm|Gera|Trier)(?:{_TOWNS})(?=\W*\Z)")
_ENDING = "berg|burg|dorf|furt|hausen|heim|ingen|stadt|stedt|kirchen|bach|haven|rode|brück|brücken|hafen|leben|münde"
_TOWN = (
    rf"(?:(?:Bad|Sankt|St\.) )?(?:(?:{_TOWNS})|[A-ZÄÖÜ][a-zäöüß]{{1,20}}(?:{_ENDING}))(?!\w)"
    r"(?:-[A-ZÄÖÜ][a-zäöüß]{2,20})?"
)
_CODE = re.compile(
    rf"(?<![\w.,/-])(?:(?:D|A|CH|DE|AT)[- ])?\d{{5}} {_TOWN}|\A(?:(?:A|CH|AT)[- ])?[1-9]\d{{3}} {_TOWN}\Z"
)
_FORMS = (
    r"(?:gGmbH|GmbH|mbH|AG|KGaA|KG|OHG|oHG|UG|eG|SE|GbR|e\. ?V\.|e\. ?K\.|Ltd\.|Inc\.)(?![\w-])"
    r"(?: & Co\. (?:KGaA|KG|OHG)(?!\w))?(?: i\. ?L\.)?"
)
_FIRM = re.compile(rf"(?<![\w-])(?:(?:[A-ZÄÖÜ](?:[^\W_]|[.&'-]){{0,40}}|&|\+) ){{1,5}}(?<!\bCo\. ){_FORMS}")
# What stands before a firm and is no part of its name: "Die Müller AG", "Seit der Gründung".
_NO_PART = re.compile(
    r"(?:(?:D(?:ie|er|as|en|em|es)|Eine?[rnms]?|Beim?|Seit|Mit|Vom?n?|Nach|Für|Im?n?|Am?n?|Auf|Zur?m?|Und|Oder|Aber|Als|Wenn"
    r"|Auch|Wir|Sie|Er|Es|Ich|Ihre?|Unsere?|Diese|Nur|Laut|Durch|Gegen|Firma|Fa\.|Herrn?|Frau|Käufer|Verkäufer|Vermieter|Mieter"
    r"|Auftraggeber|Auftragnehmer|Kunde|Lieferant|Geschäftsführer(?:in)?|Rechtsform|Unternehmen|Hersteller|Betreiber|Absender"
    r"|Empfänger|Inhaber|&|\+) )+"
)
# "Koch, A. (2020)", "Klein, S., u. Berg, T.": as lists of books have them.
_AUTHOR = re.compile(
    r"(?<![\w.-])[A-ZÄÖÜ][a-zäöüßé]{1,20}(?:-[A-ZÄÖÜ][a-zäöüß]{1,20})?, [A-ZÄÖÜ]\.(?:[ -]?[A-ZÄÖÜ]\.){0,3}"
    r"(?=[,;:&/]| [(&]| u(?:nd|\.) |\Z)"
)
# The number behind what announces one, whatever stands between its figures: "Fax: 0221 / 12 34 56 - 99".
_CALLED = re.compile(
    r"(?<!\w)(?:[Tt]el(?:efon)?(?:-?[Nn]r)?|[Tt]elefax|[Ff]ax|[Mm]obil|[Hh]andy|[Hh]otline|[Ff]on)\.?:? "
    r"(?P<number>\(?\+?\d[\d ()/\u2013-]{4,30}\d)(?![\w.,]\d|\w)"
)
# Without one of these a text has none of all that.
_SOME = re.compile(
    r"\d[\d ]|[Ss]tr(?:aße|asse|\.) \d|[a-zäöüß] \d|, [A-ZÄÖÜ]\."
    r"|\b(?:g?GmbH|mbH|AG|KG|KGaA|OHG|oHG|UG|eG|SE|GbR|e\. ?[VK]|Ltd|Inc)\b"
)


def mask(masked: Masked, *, english: bool) -> Masked:
    """Return a German sentence with names in place of streets, towns, firms, authors, telephones; they stay as they are.

    `english`: a town alone gets its English name.
    """
    text = masked.text
    if town := _TOWN_ALONE.match(text):
        return terms.given(masked, [(0, town.end(), _IN_ENGLISH.get(town[0], town[0]) if english else town[0])])
    if not _SOME.search(text):
        return masked
    taken: list[tuple[int, int]] = []
    for start, end in sorted(_found(text)):
        if not taken or start >= taken[-1][1]:
            taken.append((start, end))
    return terms.given(masked, [(start, end, text[start:end]) for start, end in taken])


def _found(text: str) -> Iterator[tuple[int, int]]:
    for pattern in (_STREET, _CODE, _AUTHOR):
        yield from (match.span() for match in pattern.finditer(text))
    if at := _AT.match(text):
        yield at.span()
    yield from (match.span("number") for match in _CALLED.finditer(text))
    for match in _FIRM.finditer(text):
        start = match.start()
        if other := _NO_PART.match(text, start, match.end()):
            start = other.end()
        # A form alone is none: "Eine GmbH".
        if " " in text[start : match.end()].removesuffix(" & Co. KG"):
            yield start, match.end()
