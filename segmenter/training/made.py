"""Sentences made of frames, for what the texts at hand have too little of: names with initials, numbers and short forms."""

import random
from collections.abc import Iterator, Mapping, Sequence

from segmenter.names import GIVEN

_WORDS = {
    # Surnames that are words, too, and others.
    "s": """Klein Groß Kurz Lang Neu Alt Jung Braun Weiß Schwarz Roth Grün Gut Stark Stolz Reich Ernst Frei Klug Hell
Fromm Sommer Winter Kaiser König Fuchs Vogel Wolf Stein Berg Bach Wald Kern Busch Will Mann Haas Dietz Möller
Kowalski Yilmaz Nguyen Petersen Brandner Hofstätter Rüegg Lindqvist Wehrle""",
    # Short forms that no list has.
    "a": """Abt Ltg Verw Verk Geschäftsst Sachb Bauabschn Wohnfl Haushaltsf Bürokfm Teilz Vollz Betr Gesch Ausst Bibl Gem
Bez Landkr Gymn Univ Hochsch Inst Sekr Vors Stellv Mitgl Teiln Angest Ang Rechn Best Lief Zus Anh Beil Kat
Erdg Obergesch Nebenk Warmm Kalth Heizk Zub Ausf Verp Lag Transp Versand Fertigst Reparat""",
    "n": "Einkauf Verkauf Planung Technik Bauwesen Vertrieb Personal Garten Heizung Ausweis Gewähr Rabatt Termin",
    "k": "neuer alter ganzer",
    "r": "I II III IV V VI VII VIII IX X XI XII XIV XVI XXIII",
    "d": "2 3 7 11 14 25 31 40 120",
}
_WITH_INITIAL = """Der Roman von {g} {i}. {s} erschien vor zehn Jahren.
Die Rede hielt {g} {i}. {s}, der neue Leiter.
Als Zeugin wurde {g} {i}. {s} gehört.
{g} {i}. {s} und {h} {j}. {t} leiten den Verein.
Vorsitz: {g} {i}. {s}, {h} {j}. {t}.
Unterzeichnet haben {g} {i}. {s}, {h} {j}. {t} sowie der Notar.
Frau {g} {i}. {s} ist heute leider verhindert.
Regie: {g} {i}. {s}
{g} {i}. {s}
{g} {i}. {s}, Geschäftsführer
Ihr Ansprechpartner ist Herr {g} {i}. {s}.
Prof. Dr. {g} {i}. {s} hält den Vortrag.
Übersetzt von {g} {i}. {s}
Dein {g} {i}. {s}
Foto: {g} {i}. {s}
Wir gratulieren {g} {i}. {s} zum Geburtstag.
Das Tor schoss {g} {i}. {s} in der letzten Minute.
Bauherr war der Kaufmann {g} {i}. {j}. {s} aus Lübeck.
Herausgegeben von {i}. {s} und {j}. {t}.
Nach {i}. {s} ist das falsch.
Das sagte {g} {i}. {s}.
Eine Frage hätte {g} {i}. {s} noch.
{i}. {j}. {s} lebte in Wien."""
_SHORT_FORM = """Die {a}. {n} hat den Antrag geprüft.
Gesucht wird eine erfahrene {a}. für unsere Filiale.
Er arbeitet als {a}. bei der Stadt.
Unsere {a}. und die Leitung sind informiert.
Die {a}. „{n}“ ist gemeint.
Sie ist {a}. in einem Betrieb.
Der {a}. von {n} bleibt.
Mit {a}. {k} {n} wird gerechnet.
Bitte {a}. mit {n} vergleichen.
Laut {a}. {n} ist das erlaubt.
Neue {a}. zum Thema {n} folgt.
Die {n}-{a}. ist gesperrt und wird umgeleitet.
Wir brauchen Papier, Stifte usw. und einen Tisch.
Ob Tee, Kaffee etc. oder nur Wasser, ist gleich.
Sie mag Birnen, Äpfel u. ä. sowie Nüsse.
Die Gothaer Str. und der Platz sind gesperrt."""
# What may end a sentence or not; before a common word that is else written small it does.
_ENDS = """Ihm folgte König {g} {r}.
Das Bild zeigt Kaiserin {g} {r}.
Regiert hat damals {g} {r}.
Der Täter heißt {g} {i}.
Die Kosten betragen {d} Mio.
Der Umsatz sank auf {d} Mrd.
Das dauert etwa {d} Min.
Er wartete {d} Std.
Es waren über {d} Tsd.
Das war im {d}. Jh.
Sie kauften Brot, Milch, Käse usw.
Nein.
Doch.
Ja.
Gut.
Stimmt.
Eben.
Na so was!
Wirklich?"""


def made(following: Sequence[str], lexicon: Mapping[str, str], number: int) -> Iterator[tuple[str, set[int]]]:
    """Yield texts with their sentence starts: sentences made of frames, and `following`, of one sentence each, between."""
    chance = random.Random(11)  # noqa: S311 (no secret; the same each time)
    common = [line for line in following if lexicon.get(line.split()[0].lower(), "?").startswith("s")]
    for _ in range(number):
        text, starts = "", set()
        for _ in range(3):
            frames = chance.choice((_WITH_INITIAL, _SHORT_FORM, _ENDS))
            sentence = _filled(chance.choice(frames.splitlines()), chance)
            # What has no stop is a line or a paragraph of its own.
            between = chance.choice("  \n") if sentence[-1] in ".!?" else "\n\n"
            starts |= {len(text), len(text) + len(sentence) + len(between)}
            text += f"{sentence}{between}{chance.choice(common if frames is _ENDS else following)} "
        yield text.rstrip(), starts


def _filled(frame: str, chance: random.Random) -> str:
    given = [word.capitalize() for word in chance.sample(GIVEN, 2)]
    initials = chance.sample("ABCDEFGHJKLMNOPRSTUVWZ", 2)
    words = {key: chance.choice(choice.split()) for key, choice in _WORDS.items()}
    other = chance.choice(_WORDS["s"].split())
    return frame.format(g=given[0], h=given[1], i=initials[0], j=initials[1], t=other, **words)
