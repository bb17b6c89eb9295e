"""German nouns by what their plural does, as endings of words: what is true of Trag is true of Vertrag and Mietvertrag."""

CHANGING = (
    "trag", "stand", "fang", "anlass", "erlass", "nachlass", "ablass", "auslass", "einlass", "ast", "bach", "ball",
    "bart", "baum", "brand", "brauch", "dampf", "darm", "draht", "duft", "fall", "fluch", "fluss", "flug", "fuchs",
    "fuß", "gang", "gast", "grund", "gruß", "hals", "hahn", "hut", "kampf", "kauf", "klang", "kloß", "knopf", "koch",
    "kopf", "korb", "kranz", "krampf", "kuss", "lauf", "lohn", "markt", "pass", "pfahl", "plan", "platz", "rang",
    "vorrat", "srat", "raum", "rock", "saal", "sack", "saft", "sarg", "satz", "schatz", "schaum", "schlag", "schluss",
    "schrank", "schub", "schuss", "schwung", "sohn", "spaß", "sprung", "stab", "stall", "stamm", "stoß", "strand",
    "strom", "stuhl", "sturm", "sturz", "sumpf", "tanz", "topf", "traum", "trank", "turm", "wolf", "wunsch", "wurf",
    "zahn", "zaun", "zoll", "zug", "hang", "drang", "angst", "axt", "braut", "brust", "faust", "frucht", "gans",
    "haut", "hand", "kraft", "kuh", "kunst", "luft", "magd", "maus", "nacht", "naht", "nuss", "schnur", "stadt",
    "wand", "wurst", "zunft", "kunft", "flucht", "kluft", "gruft", "verband", "vorhang", "abt", "altar", "bischof",
    "kanal", "general", "choral", "palast", "papst", "chor", "schwanz", "damm", "kamm", "schlauch", "bauch", "zopf",
    "frosch", "stock", "block", "klotz", "vorschuss", "genuss", "bedarf", "verlust", "mangel", "mantel", "nagel",
    "vogel", "sattel", "schnabel", "apfel", "hammel", "handel", "laden", "garten", "schaden", "graben", "hafen",
    "ofen", "boden", "bogen", "kasten", "kragen", "magen", "wagen", "faden", "balken", "vater", "mutter", "bruder",
    "tochter", "acker", "hammer", "schwager", "kloster",
)  # fmt: skip
"""Those whose vowel changes in the plural: der Vertrag, die Verträge; der Mangel, die Mängel."""

NOT_CHANGING = (
    "tag", "arm", "hund", "punkt", "monat", "ort", "bank", "recht", "stoff", "erfolg", "besuch", "versuch", "bus",
    "schuh", "ruf", "beruf", "verlag", "sport", "import", "export", "transport", "report", "komfort", "dom", "mond",
    "mord", "pfad", "grad", "laut", "verlauf", "form", "norm", "reform", "zahl", "wahl", "qual", "frau", "schuld",
    "last", "post", "uhr", "spur", "tat", "art", "fahrt", "burg", "jagd", "anstalt", "arbeit", "person", "million",
    "tor", "tür", "jahr", "haar", "paar", "boot", "brot", "pfund", "schaf", "tier", "telefon", "rohr", "ohr", "moor",
    "not", "los", "moos", "verbot", "gebot", "angebot", "aufgebot", "vollmacht", "ohnmacht", "argument", "produkt",
    "projekt", "objekt", "konzept", "rezept", "apparat", "inserat", "quadrat", "format", "zertifikat", "mandat",
    "syndikat", "patronat", "referat", "dekanat", "plakat", "attentat", "resultat", "zitat", "salat", "advokat",
    "demokrat", "diplomat", "kandidat", "soldat", "automat", "kamerad", "student", "dokument", "instrument",
    "element", "moment", "kontrakt", "akt", "takt", "kontakt", "pakt", "vertrauen", "kommission", "major", "motor",
    "faktor", "sektor", "direktor", "autor", "tutor", "doktor", "prokurist", "jurist", "polizist", "nachbar", "bauer",
    "ungar", "herr", "mensch", "held", "fürst", "graf", "prinz", "bär", "narr", "termin", "betrieb", "dienst",
    "preis", "kreis", "beweis", "hinweis", "ausweis", "nachweis", "verweis", "bescheid", "entscheid", "vergleich",
    "bereich", "teil", "anteil", "vorteil", "nachteil", "urteil", "gericht", "bericht", "verzicht", "zins", "schein",
    "verein", "kapital", "quartal", "portal", "metall", "ziel", "spiel", "stein", "bein", "wein", "schwein", "karton",
    "beton", "papier", "pflicht", "antwort", "vorwort", "grußwort",
)  # fmt: skip
"""Those whose vowel stays in the plural."""

NEUTERS_IN_ER = (
    "haus", "kind", "buch", "land", "blatt", "amt", "bild", "brett", "dach", "dorf", "ei", "fach", "feld", "geld",
    "gesicht", "gewand", "glas", "glied", "grab", "gras", "gespenst", "gott", "gut", "holz", "horn", "huhn", "kalb",
    "kleid", "korn", "kraut", "lamm", "leib", "licht", "lied", "loch", "mann", "maul", "nest", "pfand", "rad", "rand",
    "rind", "schild", "schloss", "schwert", "strauch", "tal", "tuch", "volk", "vormund", "wald", "weib", "wurm",
    "hospital", "spital", "gehalt", "geschlecht", "gemüt", "regiment", "wort", "band",
)  # fmt: skip
"""Those with a plural in -er, the vowel changed where it can: das Haus, die Häuser."""

TUM = ("irrtum", "reichtum", "heiligtum", "fürstentum", "herzogtum", "bistum", "altertum", "besitztum", "brauchtum")
"""Words in -tum that have a plural. Eigentümer are not what Eigentum is."""
