"""People in German: names behind Herr, Frau and titles are no words, and letters open and close in fixed ways.

`Herr Schneider` is no tailor, and of `Sehr geehrte Frau Sommer` a small model makes a woman's summer.
"""

import re

from translator.kept import terms
from translator.kept.masks import Masked

# What stands behind Herr or Frau and is no name: offices, also at the end of longer words, and a few nouns.
_OFFICES = (
    "doktor|professor|präsident|kanzler|minister|direktor|kollege|nachbar|pfarrer|bürgermeister|vorsitzende|lehrer|kommissar|"
    "inspektor|hauptmann|leutnant|anwalt|sekretär|prokurist|abgeordnete|offizier|kapitän|bischof|botschafter|rätin"
)
_NOUNS = "pastor|general|major|baron|gott|wirt|ober|chef|gemahl|vater|mutter|sohn|tochter|bruder|rat|konsul|mitte|welt"
_ENDING = "(?:in|innen|e?[nrs])?"
_OFFICE = rf"(?i:\w*(?:{_OFFICES}){_ENDING}|(?:{_NOUNS}){_ENDING})(?!\w)"
# In any Latin letters, also McDonald and O'Neill.
_LETTERS = r"[A-Z\u00c0-\u00de](?:[a-z]{1,2}[A-Z])?[^\W\d_A-Z]+"
_NAME = rf"(?:[DO]['\u2019])?{_LETTERS}(?:[-'\u2019]{_LETTERS})*+(?!\w)"
_OF = r"(?:(?:von(?: (?:der|dem|den))?|van(?: (?:der|den|de))?|de|di|del|zu|zum|vom) )?"
# Behind one of these the next word with a capital belongs to the name; behind others it may be any noun.
_GIVEN = (
    "Alexander|Andrea|Andreas|Angela|Anja|Anna|Anne|Annette|Barbara|Bernd|Birgit|Brigitte|Christa|Christian|"
    "Christiane|Christine|Christoph|Claudia|Daniel|Daniela|David|Dieter|Dirk|Doris|Elena|Elisabeth|Emma|Erich|"
    "Erika|Eva|Felix|Florian|Frank|Franz|Friedrich|Fritz|Gabriele|Georg|Gerd|Gerhard|Gisela|Günter|Günther|Hannah|"
    "Hans|Heike|Heinrich|Heinz|Helga|Helmut|Herbert|Holger|Horst|Ingrid|Irene|Jan|Jana|Jens|Joachim|Johann|Johanna|"
    "Johannes|Jonas|Jörg|Josef|Julia|Jürgen|Karin|Karl|Katharina|Katja|Katrin|Kerstin|Klaus|Kurt|Lars|Laura|Lea|"
    "Lena|Leon|Lisa|Ludwig|Lukas|Manfred|Manuela|Maria|Marie|Marion|Markus|Martin|Martina|Matthias|Max|Maximilian|"
    "Melanie|Michael|Monika|Nicole|Nina|Norbert|Oliver|Otto|Paul|Peter|Petra|Philipp|Rainer|Ralf|Reinhard|Renate|"
    "Robert|Rolf|Rudolf|Sabine|Sandra|Sara|Sarah|Sebastian|Silke|Simon|Simone|Sofia|Sophie|Stefan|Stefanie|Steffen|"
    "Stephan|Susanne|Sven|Thomas|Thorsten|Tim|Tobias|Torsten|Ulrich|Ulrike|Ursula|Ute|Uwe|Volker|Walter|Werner|"
    "Wilhelm|Wolfgang|"
    "Achim|Ahmed|Alfred|Ali|Alice|Alois|Amalie|Angelika|Anita|Antje|Anton|Arne|Astrid|Ayşe|"
    "Beate|Beatrix|Ben|Benjamin|Berta|Bettina|Bruno|Carl|Carla|Carmen|Charlotte|Clara|Cornelia|Dagmar|Detlef|"
    "Dominik|Dora|Edith|Egon|Elke|Ella|Ellen|Elsa|Emil|Emilia|Erna|Erwin|Eugen|Fatma|Ferdinand|Finn|Franziska|"
    "Frieda|Gerda|Gertrud|Greta|Gudrun|Gustav|Hanna|Harald|Hasan|Hedwig|Hermann|Hilde|Hildegard|Hugo|Ida|Ilse|Inge|"
    "Irmgard|Jakob|Jasmin|Jennifer|Jessica|Julian|Julius|Jutta|Kevin|Klara|Konrad|Kristina|Leonie|Liesel|Lina|"
    "Lore|Lothar|Luise|Lydia|Magdalena|Margarete|Margit|Marianne|Mario|Marlene|Marta|Martha|Mathilde|Mehmet|Mia|"
    "Miriam|Moritz|Mustafa|Nadine|Natalie|Nils|Olaf|Olga|Oskar|Patrick|Paula|Pauline|Pia|Ralph|Regina|René|Richard|"
    "Roland|Rosa|Rosemarie|Ruth|Samuel|Siegfried|Sigrid|Sonja|Stephanie|Tanja|Theo|Theodor|Theresa|Udo|"
    "Ulla|Ulf|Valentin|Vera|Verena|Veronika|Viktor|Viktoria|Vincent|Wilhelmine|Willi|Winfried|Yusuf|Yvonne"
)
_FULL = rf"(?:(?:{_GIVEN})(?:-(?:{_GIVEN}))? )?{_OF}(?!{_OFFICE}){_NAME}"
_ACADEMIC = (
    r"(?:(?:Dr|Prof|Mag|Ing|Dipl\.-Ing|Priv\.-Doz)\. "
    r"(?:(?:med|jur|phil|rer|nat|oec|theol|vet|dent|h|c|habil)\. ?){0,4})"
)
# "Die Frau Mitte dreißig", "der Familie Geld geben": behind an article or adjective it may be any noun.
_NO_NAME_BEFORE = "".join(
    rf"(?<!\b{word} )"
    for word in (
        *("die", "Die", "der", "Der", "eine", "Eine", "einer", "seine", "seiner", "ihre", "ihrer", "meine", "meiner"),
        *(
            "deine",
            "deiner",
            "unsere",
            "unserer",
            "jede",
            "jeder",
            "keine",
            "diese",
            "dieser",
            "alte",
            "junge",
            "andere",
        ),
    )
)
# Behind these as well; "Lehrer Eltern" may be two of many, so those of one person only.
_RELATED = r"Ehepaar|Eheleute|Geschwister|Gebrüder|Gebr\.|Brüder|Onkel|Tante|Papst|Pater"
_ROLE = "ommissar|räsident|rofessor|irektor|nspektor|auptmann|eutnant|nwalt|ekretär|apitän|ischof"
_ROLES = rf"[A-ZÄÖÜ][a-zäöü]{{0,20}}(?:{_ROLE})(?:in)?"
_BEHIND = re.compile(
    rf"\b(?:(?P<polite>(?:Herrn?|Hr\.|Frau) )(?P<titles>{_ACADEMIC}+)|{_ACADEMIC}+"
    rf"|(?:Herrn?|Hr\.|Fräulein|Firma|Fa\.|Fam\.) (?:{_OFFICE} )?|(?:Frau|Familie) {_OFFICE} |(?:{_RELATED}) "
    rf"|{_NO_NAME_BEFORE}(?:Frau|Familie|{_ROLES}) )(?P<name>{_FULL})"
)
# "die Herren Groß und Stein"
_BOTH = re.compile(
    rf"\b[Dd](?:ie|er|en) (?:Herren|Damen|Brüder|Schwestern|Familien) (?P<first>{_FULL}) und (?P<second>{_FULL})"
)
_COUPLE = re.compile(rf"\b(?:Herrn? und Frau|Frau und Herrn?) (?P<name>{_FULL})")
# "Herrn Müllers Auto": Müller's, not Hans or Jonas.
_OWNS = re.compile(r"[^aeioußns]s [A-ZÄÖÜ]")
_DEAR = re.compile(
    rf"\b(?:[Ss]ehr [Gg]eehrte[rs]?|[Ll]iebe[rs]?|[Gg]eehrte[rs]?) (?:(?P<him>Herrn?)|(?P<her>Frau)|(?P<miss>Fräulein)) "
    rf"(?P<academic>{_ACADEMIC}*)(?P<name>{_FULL})"
)
_FORMULAS = {
    "Sehr geehrte Damen und Herren": "Dear Sir or Madam",
    "Meine Damen und Herren": "Ladies and gentlemen",
    "Mit freundlichen Grüßen": "Kind regards",
    "Mit freundlichem Gruß": "Kind regards",
    "Mit freundlichen Grüssen": "Kind regards",
    "Mit besten Grüßen": "Best regards",
    "Mit herzlichen Grüßen": "With warm regards",
    "Freundliche Grüße": "Kind regards",
    "Beste Grüße": "Best regards",
    "Viele Grüße": "Best regards",
    "Herzliche Grüße": "Warm regards",
    "Liebe Grüße": "Best wishes",
    "Hochachtungsvoll": "Yours faithfully",
}
_FORMULA = re.compile(rf"^(?:{'|'.join(_FORMULAS)})(?=\W*$|, )")
# "Sehr geehrter {name},", "Liebe Freunde,": to a small model the second is love.
_DEAR_ALL = re.compile(
    r"^(?:Sehr geehrte(?:[rs]|(?:/-?|[*:_])r|\(r\))?(?= (?:[A-Z]{1,3}\d|\[))|"
    r"Liebe[rs]?(?= (?!Grü|Gott)\w[^,!.?]{0,60}(?:, liebe[rs]? [^,!.?]{1,60}){0,3}[,!]\W*$))"
)
_DEAR_AGAIN = re.compile(r"(?<=, )(?:sehr geehrte[rs]?|liebe[rs]?)(?= \w)")
# The head of a mail that a program forwards.
_HEADS = {"An": "To", "Betreff": "Subject", "Gesendet": "Sent"}
_HEAD = re.compile(rf"^(?:{'|'.join(_HEADS)})(?=: \S)")
# "Theodor W. Storm", "E. T. A. Hoffmann", "J. W. v. Goethe", also in capitals; "TEIL A. EINLEITUNG" is no name.
_NUMBERED = (
    "TEIL|KAPITEL|GRUPPE|ANLAGE|ANHANG|PLAN|PUNKT|VITAMIN|KLASSE|ABSCHNITT|TYP|FALL|HAUS|BLOCK|STUFE|BAND|BUCH|AKT"
)
_WITH_INITIAL = "Theodor|George|Hermann|Gustav|Arthur|John|James|Donald|Franklin|Samuel|Philip|Stephen|Ruth|Rosa|Clara"
_INITIALS = re.compile(
    rf"(?<![\w.-])(?:(?:{_GIVEN}|{_WITH_INITIAL}|(?!(?:{_NUMBERED}) )[A-ZÄÖÜ]{{2,30}}) "
    r"(?![IVX]\.)[A-ZÄÖÜ]\. ?(?:[A-ZÄÖÜ]\. ?){0,3}"
    r"|[A-ZÄÖÜ]\. ?(?:[A-ZÄÖÜ]\. ?){1,3})"
    r"(?:(?:v\.|von|van|de) )?(?:[A-ZÄÖÜ][a-zäöüßé]{2,30}|[A-ZÄÖÜ]{2,30})(?!\w)"
)
# "Otto von Bismarck": no "Otto of Bismarck"; "Als Otto von Bremen nach Köln fuhr" is a way.
_NOBLE = re.compile(
    rf"(?<![\w-])(?:{_GIVEN})(?:[ -](?:{_GIVEN})){{0,2}} "
    r"(?:von(?: und zu| der| dem| den)?|vom|zu|van(?: der| den| de)?|de|di) "
    rf"(?!{_OFFICE}){_NAME}(?! (?:nach|bis|aus|weg|her|an|ab|zu[mr]?)\b)"
)
# A name alone in a cell or on a line, and one that stands for any.
_NAME_ALONE = re.compile(rf"^(?:{_GIVEN})(?:[ -](?:{_GIVEN}))? {_NAME}(?=\W*$)")
_ANYBODY = re.compile(r"(?<![\w-])(?:Max|Erika|Maria|Anna|Moritz) Muster(?:mann|frau)s?(?!\w)")
_SOME = re.compile(
    rf"\b(?:Herr(?:n|en)?|Damen|Frau|Fräulein|Familien?|Firma|Dr|Prof|Mag|Ing|Fa|Fam|Hr|Schwestern|{_RELATED})\b|(?:{_ROLE})|Grü|^(?:Sehr|Meine|Hoch|Liebe|An:|Betreff:|Gesendet:)"
    r"|\b[A-ZÄÖÜ]\. ?[A-ZÄÖÜv]"
    r"|[a-zäöüß] (?:vo[nm]|van|zu|de|di) [A-ZÄÖÜdu]|Muster|^[A-ZÄÖÜ][a-zäöüßé]+[ -][A-ZÄÖÜ][^\s.,;]*\W*$"
)


def mask(masked: Masked, *, english: bool) -> Masked:
    """Return a German sentence with names in place of the names of people; they stay as they are.

    `english`: how letters open and close is written in English too.
    """
    if not _SOME.search(masked.text):
        return masked
    found: list[tuple[int, int, str]] = []
    if english:
        found += [(*match.span(), _FORMULAS[match[0]]) for match in _FORMULA.finditer(masked.text)]
        found += [(*match.span(), _dear(match)) for match in _DEAR.finditer(masked.text)]
        found += [(*match.span(), _HEADS[match[0]]) for match in _HEAD.finditer(masked.text)]
        if not found and (dear := _DEAR_ALL.match(masked.text)):
            found = [(*dear.span(), "Dear"), *((*one.span(), "dear") for one in _DEAR_AGAIN.finditer(masked.text))]
    for pattern in (_INITIALS, _NOBLE, _ANYBODY, _NAME_ALONE):
        found += [
            (*match.span(), match[0])
            for match in pattern.finditer(masked.text)
            if not any(start < match.end() and match.start() < end for start, end, _ in found)
        ]
    if english:
        found += [(*match.span(), f"Mr and Mrs {match['name']}") for match in _COUPLE.finditer(masked.text)]
    for match in _BOTH.finditer(masked.text):
        found += [(*match.span(name), match[name]) for name in ("first", "second")]
    taken = [(start, end) for start, end, _ in found]
    for match in _BEHIND.finditer(masked.text):
        if any(start < match.end() and match.start() < end for start, end in taken):
            continue
        if english and match["polite"]:
            # English has one title: "Frau Dr. Lange" is Dr. Lange.
            found.append((*match.span(), f"{match['titles']}{match['name']}"))
        else:
            owns = english and _OWNS.match(masked.text, match.end() - 2)
            found.append((*match.span("name"), f"{match['name'][:-1]}'s" if owns else match["name"]))
    return terms.given(masked, sorted(found))


def _dear(match: re.Match[str]) -> str:
    title = match["academic"] or ("Mr " if match["him"] else "Ms " if match["her"] else "Miss ")
    dear = "dear" if match[0][0].islower() else "Dear"
    return f"{dear} {title}{match['name']}"
