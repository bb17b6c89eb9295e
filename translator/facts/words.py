"""Words that say numbers, days and measures, in German and in English: what stands for what."""

from collections import defaultdict
from collections.abc import Mapping


def _listed(text: str) -> list[str]:
    return text.split()


_ONES_DE = _listed("null ein zwei drei vier fünf sechs sieben acht neun zehn elf zwölf")
_TEENS_DE = _listed("dreizehn vierzehn fünfzehn sechzehn siebzehn achtzehn neunzehn")
_TENS_DE = _listed("zwanzig dreißig vierzig fünfzig sechzig siebzig achtzig neunzig")
_ONES_EN = _listed("zero one two three four five six seven eight nine ten eleven twelve")
_TEENS_EN = _listed("thirteen fourteen fifteen sixteen seventeen eighteen nineteen")
_TENS_EN = _listed("twenty thirty forty fifty sixty seventy eighty ninety")
_ORDINALS_EN = _listed(
    "zeroth first second third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth thirteenth fourteenth "
    "fifteenth sixteenth seventeenth eighteenth nineteenth"
)
# Other words by which translators say small numbers.
_ALSO_EN = {
    0: "no none nil nothing not midnight",
    1: "a an once single sole one's ones another same each every per the",
    2: "both couple pair pairs twice double doubled doubles twin twins two-thirds second seconds either",
    3: "triple thrice trio threefold triplets",
    4: "quarter quarters quadruple fours",
    5: "fives quintet",
    6: "half-dozen sixes",
    7: "week week's",
    8: "week eights",
    9: "nines",
    10: "decade",
    12: "dozen dozens noon midday",
    14: "fortnight two",
    15: "quarter",
    20: "twenties score",
    50: "half",
    100: "hundred hundreds century hundredth",
    1000: "thousand thousands millennium thousandth grand",
    1000000: "million millions",
    1000000000: "billion billions",
}


def _german() -> dict[str, int]:
    found = {word: number for number, word in enumerate(_ONES_DE + _TEENS_DE) if number > 1}
    for tens, ten in enumerate(_TENS_DE, 2):
        found[ten] = found[ten.replace("ß", "ss")] = 10 * tens
        found |= {f"{one}und{ten}": 10 * tens + number for number, one in enumerate(_ONES_DE[:10]) if number}
    found |= {f"{one}hundert": 100 * number for number, one in enumerate(_ONES_DE[:10] + _TEENS_DE) if 0 < number < 10}
    found |= {f"{word}tausend": 1000 * number for word, number in list(found.items()) if number < 100}
    found |= {
        "eintausend": 1000,
        "hunderttausend": 100_000,
        "zwo": 2,
        "fuenf": 5,
        "zwoelf": 12,
        "hundert": 100,
        "tausend": 1000,
    }
    ordinals = {"zweite": 2, "dritte": 3, "siebte": 7, "achte": 8}
    ordinals |= {
        f"{word}te": number for word, number in list(found.items()) if 4 <= number < 20 and number not in (7, 8)
    }
    ordinals |= {f"{word}ste": number for word, number in list(found.items()) if number >= 20}
    return found | {word + end: number for word, number in ordinals.items() for end in ("", "n", "r", "s", "m", "ns")}


def _english() -> dict[str, int]:
    found = {word: number for number, word in enumerate(_ONES_EN + _TEENS_EN)}
    found |= {word: number for number, word in enumerate(_ORDINALS_EN)}
    for tens, ten in enumerate(_TENS_EN, 2):
        found[ten] = found[f"{ten[:-1]}ies"] = found[f"{ten[:-1]}ieth"] = 10 * tens
        for one in range(1, 10):
            found[f"{ten}-{_ONES_EN[one]}"] = found[f"{ten}-{_ORDINALS_EN[one]}"] = 10 * tens + one
    return found


GERMAN = _german()
"""Numbers from two to 99, a hundred and a thousand, as German words in small letters, ordinal ones in all their forms."""

GERMAN_NOUNS = frozenset(("acht", "elf", "hundert", "tausend", "drei", "sieben"))
"""Number words that are no numbers, or no exact ones, where they have a capital inside a sentence."""

ENGLISH = _english()
"""Numbers to 99 as English words in small letters, ordinal ones too."""


def _said() -> Mapping[int, frozenset[str]]:
    found: defaultdict[int, set[str]] = defaultdict(set)
    for word, number in ENGLISH.items():
        found[number].add(word)
    for number, also in _ALSO_EN.items():
        found[number].update(also.split())
    return {number: frozenset(said) for number, said in found.items()}


SAID = _said()
"""For each number the English words that may stand for it."""

_BAR = "|"
_MONTHS = _listed("January February March April May June July August September October November December")
_MONTHS_DE = "januar jänner|februar feber|märz|april|mai|juni|juli|august|september|oktober|november|dezember"
_WEEKDAYS = _listed("Monday Tuesday Wednesday Thursday Friday Saturday Sunday")
_WEEKDAYS_DE = "montag|dienstag|mittwoch|donnerstag|freitag|samstag sonnabend|sonntag"

MONTHS = {month: number for number, line in enumerate(_MONTHS_DE.split(_BAR)) for month in line.split()}
"""German months in small letters, from 0."""

GERMAN_MONTHS = [line.split()[0].capitalize() for line in _MONTHS_DE.split(_BAR)]

# What is said in German, and what stands for it in English; the first English word is the one that is written anew.
_PAIRS = """
    %: % prozent = % percent per-cent pct percentage
    percentage point: prozentpunkt prozentpunkte prozentpunkten = points point
    ‰: ‰ promille = ‰ permille per-mille
    €: € eur euro euros = € eur euro euros
    $: $ usd dollar us-dollar = $ usd dollar dollars us-dollars
    £: £ gbp = £ gbp pound pounds
    ¥: ¥ yen jpy = ¥ yen jpy
    chf: chf sfr franken = chf franc francs sfr
    cent: ct cent cents = ct cent cents
    mark: mark dm = mark marks dm
    million: mio mill million millionen = million millions m mn mio
    billion: mrd mia milliarde milliarden = billion billions bn milliard milliards
    trillion: bio billion billionen = trillion trillions tn
    thousand: tsd tausend = thousand thousands k tsd
    degree: ° grad = ° degrees degree celsius
    celsius: °c = °c celsius
    fahrenheit: °f = °f fahrenheit
    kg: kg kilo kilogramm kilos = kg kgs kilo kilos kilogram kilograms kilogramme kilogrammes
    g: g gramm = g gram grams gramme grammes
    mg: mg milligramm = mg milligram milligrams
    t: t tonne tonnen = t ton tons tonne tonnes
    pound: pfund = pound pounds lb lbs
    hundredweight: zentner = hundredweight hundredweights zentner quintal quintals
    km: km kilometer kilometern = km kilometres kilometers kilometre kilometer
    m: m meter metern = m metres meters metre meter
    cm: cm zentimeter zentimetern = cm centimetres centimeters centimetre centimeter
    mm: mm millimeter millimetern = mm millimetres millimeters millimetre millimeter
    µm: µm mikrometer = µm micrometres micrometers micron microns
    nm: nm nanometer = nm nanometres nanometers
    km/h: km/h stundenkilometer = km/h kph kmh kilometres kilometers
    l: l liter litern = l litres liters litre liter
    ml: ml milliliter = ml millilitres milliliters
    ha: ha hektar = ha hectares hectare
    m²: m² qm quadratmeter quadratmetern = m² sqm square
    km²: km² qkm quadratkilometer quadratkilometern = km² square
    cm²: cm² quadratzentimeter = cm² square
    m³: m³ cbm kubikmeter kubikmetern = m³ cubic
    cm³: cm³ ccm kubikzentimeter = cm³ cc cubic
    s: s sek sekunde sekunden = s seconds second sec secs
    min: min minute minuten = min minutes minute mins
    h: h std stunde stunden = h hours hour hrs hr
    day: tag tage tagen = days day week weeks fortnight
    week: woche wochen = weeks week
    month: monat monate monaten = months month
    year: jahr jahre jahren = years year yrs year-old years-old
    kwh: kwh kilowattstunde kilowattstunden = kwh kilowatt-hours kilowatt
    mwh: mwh = mwh megawatt-hours
    w: w watt = w watts watt
    kw: kw kilowatt = kw kilowatts kilowatt
    mw: mw megawatt = mw megawatts megawatt
    v: v volt = v volts volt
    hz: hz hertz = hz hertz
    khz: khz = khz kilohertz
    mhz: mhz = mhz megahertz
    ghz: ghz = ghz gigahertz
    kb: kb kilobyte = kb kilobytes kilobyte
    mb: mb megabyte = mb megabytes megabyte
    gb: gb gigabyte = gb gigabytes gigabyte
    tb: tb terabyte = tb terabytes terabyte
    ps: ps = hp ps horsepower
    kcal: kcal kilokalorien = kcal calories kilocalories
    bar: bar = bar bars
    hpa: hpa hektopascal = hpa hectopascal hectopascals
"""


def _measures() -> tuple[dict[str, str], dict[str, tuple[str, ...]]]:
    german: dict[str, str] = {}
    english: dict[str, tuple[str, ...]] = {}
    for line in _PAIRS.strip().splitlines():
        name, _, rest = line.strip().partition(": ")
        source, _, target = rest.partition(" = ")
        german |= dict.fromkeys(source.split(), name)
        english[name] = tuple(target.split())
    return german, english


MEASURES, ENGLISH_MEASURES = _measures()
"""Units, currencies and powers of ten beside a number: the name of each German word, and the English words of each name."""

CALENDAR = {
    **{month: _MONTHS[number].lower() for month, number in MONTHS.items()},
    **{
        day + end: _WEEKDAYS[number].lower()
        for number, line in enumerate(_WEEKDAYS_DE.split(_BAR))
        for day in line.split()
        for end in ("", "s", "e", "en")
    },
}
"""German months and days of the week, in small letters, and the English ones."""
