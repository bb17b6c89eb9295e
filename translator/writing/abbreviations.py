"""German abbreviations written out: a small model drops those that it has seldom seen, or what stands beside them."""

import re

# Those that models know (ca., bzw., etc., v. Chr.) and that belong to names (e. V., St.) are not here.
_ANYWHERE = {
    "z. B.": "zum Beispiel",
    "z. T.": "zum Teil",
    "z. Zt.": "zur Zeit",
    "z. Z.": "zur Zeit",
    "d. h.": "das heißt",
    "u. a. m.": "und anderes mehr",
    "u. v. m.": "und vieles mehr",
    "u. a.": "unter anderem",
    "u. Ä.": "und Ähnliches",
    "u. ä.": "und ähnliches",
    "o. Ä.": "oder Ähnliches",
    "o. ä.": "oder ähnliches",
    "u.": "und",
    "u. U.": "unter Umständen",
    "i. d. R.": "in der Regel",
    "i. S. d.": "im Sinne des",
    "i. S. v.": "im Sinne von",
    "i. V. m.": "in Verbindung mit",
    "m. E.": "meiner Meinung nach",
    "h. M.": "herrschender Meinung",
    "s. o.": "siehe oben",
    "s. u.": "siehe unten",
    "a. a. O.": "am angegebenen Ort",
    "d. J.": "dieses Jahres",
    "d. M.": "dieses Monats",
    "i. Allg.": "im Allgemeinen",
    "o. J.": "ohne Jahr",
    "o. O.": "ohne Ort",
    "p. a.": "pro Jahr",
    "s. a.": "siehe auch",
    "v. l. n. r.": "von links nach rechts",
    "zw.": "zwischen",
    "tägl.": "täglich",
    "urspr.": "ursprünglich",
    "bes.": "besonders",
    "allg.": "allgemein",
    "einschl.": "einschließlich",
    "ausschl.": "ausschließlich",
    "entspr.": "entsprechend",
    "vorauss.": "voraussichtlich",
    "versch.": "verschiedene",
    "mtl.": "monatlich",
    "jährl.": "jährlich",
    "o. g.": "oben genannten",
    "lt.": "laut",
    "gem.": "gemäß",
    "ggf.": "wenn nötig",
    "evtl.": "vielleicht",
    "inkl.": "einschließlich",
    "zzgl.": "plus",
    "abzgl.": "abzüglich",
    "sog.": "sogenannte",
    "vgl.": "siehe",
    "bspw.": "beispielsweise",
    "insb.": "insbesondere",
    "insbes.": "insbesondere",
    "ehem.": "ehemalige",
    "wg.": "wegen",
    "jew.": "jeweils",
    "rd.": "rund",
    "verh.": "verheiratet",
    "zzt.": "zurzeit",
    "ebd.": "ebenda",
    "Hrsg.": "Herausgeber",
    "Anm.": "Anmerkung",
    "d. Red.": "der Redaktion",
    "Frankfurt a. M.": "Frankfurt am Main",
    "Freiburg i. Br.": "Freiburg im Breisgau",
    "Ludwigshafen a. Rh.": "Ludwigshafen am Rhein",
    "Art.-Nr.": "Artikelnummer",
    "Best.-Nr.": "Bestellnummer",
    "Kd.-Nr.": "Kundennummer",
    "Kto.-Nr.": "Kontonummer",
    "Rg.-Nr.": "Rechnungsnummer",
    "Ser.-Nr.": "Seriennummer",
    "Tel.-Nr.": "Telefonnummer",
    "Vers.-Nr.": "Versicherungsnummer",
    "Mitarb.": "Mitarbeiter",
    "Tsd.": "Tausend",
}
# These are words of their own, or other abbreviations, where no number follows: "S. 12", "Abb. 3".
_BEFORE_NUMBER = {
    "S.": "Seite",
    "Abb.": "Abbildung",
    "Tab.": "Tabelle",
    "Kap.": "Kapitel",
    "Bd.": "Band",
    "Nr.": "Nummer",
    "Art.": "Artikel",
    "Abschn.": "Abschnitt",
    "Anh.": "Anhang",
    "Anl.": "Anlage",
    "Bj.": "Baujahr",
    "Pos.": "Position",
    "min.": "mindestens",
    "mind.": "mindestens",
    "max.": "bis zu",
    "Jan.": "Januar",
    "Feb.": "Februar",
    "Okt.": "Oktober",
    "Dez.": "Dezember",
    "Tel.": "Telefon",
}
# … or precedes: "3 Std.", "S. 12 ff."
_BEHIND_NUMBER = {
    "Std.": "Stunden",
    "Min.": "Minuten",
    "Sek.": "Sekunden",
    "Stk.": "Stück",
    "Pck.": "Päckchen",
    "Mio.": "Millionen",
    "Mill.": "Millionen",
    "Mrd.": "Milliarden",
    "v. H.": "Prozent",
    "v. T.": "Promille",
    "ff.": "und folgende",
    "Aufl.": "Auflage",
    "Jh.": "Jahrhundert",
    "Jhd.": "Jahrhundert",
}
# Before a name.
_TITLES = {"Hr.": "Herr", "Hrn.": "Herrn", "Fr.": "Frau", "Frl.": "Fräulein"}
# A day of the week beside another one, a time or a date.
_DAYS = {
    "Mo.": "Montag",
    "Di.": "Dienstag",
    "Mi.": "Mittwoch",
    "Do.": "Donnerstag",
    "Fr.": "Freitag",
    "Sa.": "Samstag",
    "So.": "Sonntag",
}
_FULL = {
    key.replace(" ", ""): full
    for table in (_ANYWHERE, _BEFORE_NUMBER, _BEHIND_NUMBER, _DAYS)
    for key, full in table.items()
}
_FULL["nr."] = "nummer"
# What stands before their last full stops.
_LAST_WORDS = frozenset(key[:-1].rpartition(".")[2].lower() for key in (*_FULL, *_TITLES))
_LONGEST = max(map(len, _LAST_WORDS)) + 1
_LAST_WORD = re.compile(r"(?<![^\W\d_])[^\W\d_]++\Z")
_SPACES = "[ \u00a0\u202f\u2009]?"


def _any_of(table: dict[str, str]) -> str:
    """Return a pattern of the keys, also with a capital, the longest first, with any space or none where they have one."""
    keys = sorted(table, key=len, reverse=True)
    return "|".join(f"(?i:{key[0]}){_SPACES.join(map(re.escape, key[1:].split(' ')))}" for key in keys)


# "Mo.–Fr.", "Mo, Di u. Do": with another day beside it, one needs no full stop. "So oder So" is none.
_DAY = "(?:Mo|Di|Mi|Do|Fr|Sa|So)"
_DAYS_LISTED = re.compile(
    rf"(?<![\w.-])(?P<first>{_DAY})\.?"
    rf"(?:(?: ?[-\u2013/] ?|, ?| (?:bis|und|u\.|oder|sowie) )(?!(?P=first)\b){_DAY}\b\.?(?!\w))+"
)
_DAY_LISTED = re.compile(rf"({_DAY})\b\.?|( ?[-\u2013] ?)")
# "Sa 10–14 Uhr"; "So 10 Leute" is no Sunday.
_HOUR = r"\d{1,2}(?:[.:]\d\d)?"
_DAY_BEFORE = re.compile(
    rf"(?<![\w.-]){_DAY}(?= (?:{_HOUR} ?(?:[-\u2013]|bis) ?)?{_HOUR} ?Uhr\b| {_HOUR} ?[-\u2013] ?\d)"
    r"|(?<=, )So(?= (?:geschlossen|zu|Ruhetag)\b)"
)
_ABBREVIATION = re.compile(
    rf"(?<![\w.-])(?:(?:{_any_of(_ANYWHERE)})(?![\w-])|(?:{_any_of(_BEFORE_NUMBER)})(?= ?\d)"
    rf"|(?:(?<=\d )|(?<=\d\. ))(?:{_any_of(_BEHIND_NUMBER)})(?![\w-])"
    rf"|(?:{_any_of(_DAYS)})(?=,? (?:um |von |ab )?\d|:)"
    # Kundennr., Hausnr.
    r")|(?<=[a-zäöüß])nr\.(?= ?[\w:])"
)
# "Mo. bis Fr. Termine" is a day.
_TITLE = re.compile(r"(?<![\w.-])(?<!bis )(?<![-\u2013] )(?:Hrn?|Frl?)\.(?= [A-ZÄÖÜ][a-zäöüß])")
# Whether something follows that is neither white nor punctuation: "in Tsd. €".
_GOES_ON = re.compile(r"\W*?[\w€$£%°§]")
# What a paragraph of a law has is looked up as it stands there: "§ 5 Abs. 2 Nr. 3".
_LAW = "§"


def write_out(text: str) -> str:
    """Return German with abbreviations written out. One that ends the text leaves its full stop there."""
    text = _DAY_BEFORE.sub(lambda match: _DAYS[f"{match[0]}."], _DAYS_LISTED.sub(_days, text))
    if not _may_have_some(text) and "nr." not in text:
        return text

    def full(match: re.Match[str]) -> str:
        short = match.group()
        key = "".join(one for one in short if not one.isspace())
        word = _FULL.get(key) or _FULL.get(key[0].lower() + key[1:])
        if word is None:
            return short
        if key == "Nr." and _LAW in text:
            return short
        if short[0].isupper():
            word = word[0].upper() + word[1:]
        at_end = (
            not _GOES_ON.match(text, match.end(), match.end() + 40) and "." not in text[match.end() : match.end() + 2]
        )
        return f"{word}." if at_end and short.endswith(".") else word

    text = _TITLE.sub(lambda match: _TITLES[match[0]], text)
    return _ABBREVIATION.sub(full, text)


def _days(match: re.Match[str]) -> str:
    at_end = "." * (match[0][-1] == "." and match.end() == len(match.string))
    return _DAY_LISTED.sub(lambda one: _DAYS[f"{one[1]}."] if one[1] else " bis ", match[0]) + at_end


def _may_have_some(text: str) -> bool:
    """Whether a full stop stands behind what ends an abbreviation: mostly none does."""
    stop = text.find(".")
    while stop >= 0:
        word = _LAST_WORD.search(text, max(0, stop - _LONGEST), stop)
        if word and word.group().lower() in _LAST_WORDS:
            return True
        stop = text.find(".", stop + 1)
    return False
