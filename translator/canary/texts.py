"""The sentences on which a model is tried, if it brings none of its own."""

from pathlib import Path
from typing import NamedTuple

from pipeline import languages
from pipeline.errors import SetupError

FILE = "canary.tsv"
"""In a model's folder: a sentence a line and, if there is one, its translation behind a tab. Lines with # are left out.

`canary.de-fr.tsv` goes before it for one pair of a model that has several.
"""

_MOST = 200

# The same ten sentences in each language, so that any pair of these has translations to compare with.
_PARALLEL = {
    "de": (
        "Guten Morgen, wie geht es Ihnen?",
        "Das Haus steht am Ende der Straße.",
        "Wir haben gestern drei Bücher gekauft.",
        "Der Zug nach Berlin fährt um 15:30 Uhr ab.",
        "Ich weiß nicht, ob sie morgen kommt.",
        "Die Kinder spielen im Garten, weil die Sonne scheint.",
        "Er hat den Brief nicht gelesen.",
        "Bitte schließen Sie die Tür, bevor Sie gehen.",
        "Die Stadt hat mehr als 200 Schulen.",
        "Meine Schwester arbeitet seit 2019 in einem Krankenhaus.",
    ),
    "en": (
        "Good morning, how are you?",
        "The house is at the end of the street.",
        "We bought three books yesterday.",
        "The train to Berlin leaves at 15:30.",
        "I do not know whether she is coming tomorrow.",
        "The children are playing in the garden because the sun is shining.",
        "He has not read the letter.",
        "Please close the door before you leave.",
        "The city has more than 200 schools.",
        "My sister has worked in a hospital since 2019.",
    ),
    "fr": (
        "Bonjour, comment allez-vous ?",
        "La maison est au bout de la rue.",
        "Nous avons acheté trois livres hier.",
        "Le train pour Berlin part à 15:30.",
        "Je ne sais pas si elle vient demain.",
        "Les enfants jouent dans le jardin parce que le soleil brille.",
        "Il n'a pas lu la lettre.",
        "Veuillez fermer la porte avant de partir.",
        "La ville compte plus de 200 écoles.",
        "Ma sœur travaille dans un hôpital depuis 2019.",
    ),
    "es": (
        "Buenos días, ¿cómo está usted?",
        "La casa está al final de la calle.",
        "Ayer compramos tres libros.",
        "El tren a Berlín sale a las 15:30.",
        "No sé si ella viene mañana.",
        "Los niños juegan en el jardín porque brilla el sol.",
        "No ha leído la carta.",
        "Por favor, cierre la puerta antes de salir.",
        "La ciudad tiene más de 200 escuelas.",
        "Mi hermana trabaja en un hospital desde 2019.",
    ),
    "it": (
        "Buongiorno, come sta?",
        "La casa è in fondo alla strada.",
        "Ieri abbiamo comprato tre libri.",
        "Il treno per Berlino parte alle 15:30.",
        "Non so se lei viene domani.",
        "I bambini giocano in giardino perché splende il sole.",
        "Non ha letto la lettera.",
        "Per favore, chiuda la porta prima di uscire.",
        "La città ha più di 200 scuole.",
        "Mia sorella lavora in un ospedale dal 2019.",
    ),
    "nl": (
        "Goedemorgen, hoe gaat het met u?",
        "Het huis staat aan het einde van de straat.",
        "We hebben gisteren drie boeken gekocht.",
        "De trein naar Berlijn vertrekt om 15:30 uur.",
        "Ik weet niet of ze morgen komt.",
        "De kinderen spelen in de tuin omdat de zon schijnt.",
        "Hij heeft de brief niet gelezen.",
        "Sluit alstublieft de deur voordat u weggaat.",
        "De stad heeft meer dan 200 scholen.",
        "Mijn zus werkt sinds 2019 in een ziekenhuis.",
    ),
    "pt": (
        "Bom dia, como está?",
        "A casa fica no fim da rua.",
        "Ontem comprámos três livros.",
        "O comboio para Berlim parte às 15:30.",
        "Não sei se ela vem amanhã.",
        "As crianças brincam no jardim porque o sol brilha.",
        "Ele não leu a carta.",
        "Por favor, feche a porta antes de sair.",
        "A cidade tem mais de 200 escolas.",
        "A minha irmã trabalha num hospital desde 2019.",
    ),
    "pl": (
        "Dzień dobry, jak się pan ma?",
        "Dom stoi na końcu ulicy.",
        "Wczoraj kupiliśmy trzy książki.",
        "Pociąg do Berlina odjeżdża o 15:30.",
        "Nie wiem, czy ona jutro przyjdzie.",
        "Dzieci bawią się w ogrodzie, bo świeci słońce.",
        "On nie przeczytał listu.",
        "Proszę zamknąć drzwi przed wyjściem.",
        "W mieście jest ponad 200 szkół.",
        "Moja siostra pracuje w szpitalu od 2019 roku.",
    ),
    "sv": (
        "God morgon, hur mår du?",
        "Huset ligger i slutet av gatan.",
        "Vi köpte tre böcker i går.",
        "Tåget till Berlin går klockan 15:30.",
        "Jag vet inte om hon kommer i morgon.",
        "Barnen leker i trädgården eftersom solen skiner.",
        "Han har inte läst brevet.",
        "Var snäll och stäng dörren innan du går.",
        "Staden har mer än 200 skolor.",
        "Min syster arbetar på ett sjukhus sedan 2019.",
    ),
    "ru": (
        "Доброе утро, как у вас дела?",  # noqa: RUF001 (Russian)
        "Дом стоит в конце улицы.",
        "Вчера мы купили три книги.",
        "Поезд в Берлин отправляется в 15:30.",
        "Я не знаю, придёт ли она завтра.",
        "Дети играют в саду, потому что светит солнце.",
        "Он не прочитал письмо.",
        "Пожалуйста, закройте дверь перед уходом.",
        "В городе больше 200 школ.",  # noqa: RUF001 (as above)
        "Моя сестра работает в больнице с 2019 года.",  # noqa: RUF001 (as above)
    ),
}
# Of other languages nothing is known here: what is alike in most, which a model has to bring out somehow.
_ANY = ("2019", "15:30", "Berlin, Paris, Madrid", "1, 2, 3, 4, 5", "Anna Maria", "200 km", "3.5 %", "A, B, C")


class Trial(NamedTuple):
    """A sentence to try a model on, and its translation by people if there is one."""

    text: str
    expected: str | None = None


class TrialSet(NamedTuple):
    """The sentences for a pair of languages."""

    trials: list[Trial]
    sentences: bool = True
    """Whether they are sentences of the language, so that the translation has to differ from them."""


def trials_for(source: str, target: str, folder: Path | None = None) -> TrialSet:
    """Return what to try a model of a pair on: what lies in its folder, else the general sentences.

    Raises `SetupError` when the model's own file cannot be used.
    """
    if folder is not None:
        for name in (FILE.replace(".", f".{source}-{target}.", 1), FILE):
            if (folder / name).exists():
                return TrialSet(_read(folder / name))
    texts, translations = (_general(one) for one in (source, target))
    if texts is None:
        return TrialSet([Trial(text) for text in _ANY], sentences=False)
    return TrialSet(
        [Trial(text, translations[place] if translations else None) for place, text in enumerate(texts)],
    )


def _general(language: str) -> tuple[str, ...] | None:
    """Return the general sentences in a language, wherever it is spoken; not for another script."""
    near = [(far, one) for one in _PARALLEL if (far := languages.distance(one, language)) is not None]
    return _PARALLEL[min(near)[1]] if near else None


def _read(path: Path) -> list[Trial]:
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise SetupError(f"{path}: {error}") from None
    found = []
    for line in lines:
        text, _, expected = line.partition("\t")
        if text.strip() and not line.startswith("#"):
            found.append(Trial(text.strip(), expected.strip() or None))
    if not found:
        raise SetupError(f"{path} has no sentence to try the model on")
    return found[:_MOST]
