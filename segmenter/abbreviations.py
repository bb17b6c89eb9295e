"""Words that end with a full stop and seldom end a sentence."""

# After these a sentence goes on, whatever the model says. Abbreviations that often do end one (usw., etc., ff.) are not
# here: there the model decides.
ABBREVIATIONS = frozenset(
    # German
    "Dr. Prof. Hr. Hrn. Fr. St. Nr. Abs. Art. Ziff. Rn. Az. Urt. z.B. z. d.h. d. u.a. u. i.d.R. i. bzw. ca. sog. ggf. evtl. "
    "vgl. Vgl. inkl. exkl. zzgl. einschl. max. min. Abb. Tab. Kap. Bd. S. gem. lt. bspw. insb. v. geb. Dipl.-Ing. Ing. "
    "Mag. med. phil. Fa. Str. Tel. Mio. Mrd. Jan. Feb. Aug. Sept. Okt. Nov. Dez. Alt. Hrsg. Std. Min. Zi. "
    # other languages
    "Mr. Mrs. Ms. Mme. Sr. Sra. dott. sig. dhr. mevr. bijv. e.g. i.e. p.".split()
)

# Abbreviations after which a sentence may well begin: at the end of an enumeration.
ENUMERATION_ENDS = frozenset({"usw.", "etc.", "ff."})

# What follows an ordinal number: "am 3. Oktober", "im 5. Stock".
AFTER_ORDINAL = (
    "Januar Februar März April Mai Juni Juli August September Oktober November Dezember Jan Feb Mär Apr Jun Jul Aug Sep "
    "Sept Okt Nov Dez Jänner Quartal Jahrhundert Jh Weltkrieg Stock Etage Klasse Auflage Kapitel Platz Tag Mal Semester "
    "Kreis Liga Bundesliga"
).split()

# Words that are written with a capital letter only where a sentence begins.
OPENERS = frozenset(
    "Der Die Das Den Dem Des Ein Eine Einen Einer Ich Du Er Sie Es Wir Ihr Man Niemand Jemand Keiner Alle Dies Diese Dieser "
    "Dieses Jene Dann Danach Dort Da Hier Doch Aber Und Oder Denn Wenn Als Nach Vor Im In Am An Auf Bei Mit Von Zu Zum Zur "
    "Für Auch Nur Nun Jetzt Heute Gestern Morgen Was Wer Wie Wo Warum Bitte Nicht Kein Keine So Seit Bis Ob Weil Obwohl "
    "Trotzdem Außerdem Zudem Damit Dabei Dafür Davon Seine Ihre Mein Meine Unser Unsere "
    "The This That It He She We They But And On At There".split()
)
