"""Words that end with a full stop, by what follows them as a rule.

They are features of the model (`features.py`), not rules: `z. B.` may end a sentence, and the model has seen how often.
Written in small letters and without their last full stop; parts that stand apart (`z. B.`) are looked up together.
"""

_KINDS = {
    # Before a name.
    "title": """abt vors dr prof hr hrn fr frl st hl fa fam gebr dipl ing dipl.-ing mag lic med phil jur rer nat h.c dr.-ing
        hptm lt gen maj sgt kpt geh exz ew sel pfr joh chr jos wilh ludw friedr heinr mr mrs ms mme mlle m
        sr sra srta d dña dott dott.ssa sig sig.ra avv on dhr mevr drs ir rev hon gov sen rep capt col mgr
        me sto sta""",
    # Before a number, or a name that stands for one.
    "numbered": """nr nrn no abs art artt ziff ziffn rn rdn rdnr rz randnr az urt beschl abb tab kap bd bde s sp bl zi
        tel fax anm lit buchst alt hs teilbd jg ausg p pp pag pagg pág págs núm n fig vol ch chap cap eq blz
        afb hfst § aufl hft""",
    # Before the rest of a phrase.
    "within": """wg rd zzt mind pck pkg pkt msp btl stg
        z.b z.t z.zt z.hd z d.h d d.i i.d.r i.a i.v i.e i.s i.w u.a u.u u bzw ca sog ggf evtl eventl vgl
        inkl exkl zzgl zuzügl einschl einschließl abzgl max min gem lt bspw insb insbes v v.a bes bezügl
        bzgl betr gegr geb gest verh verw mitarb bearb hrsg hg verf übers unv erg durchges erw verb neubearb
        hauptw eig eigtl urspr ehem vorm spez allg ggü gg ggfs dergl desgl ebd wiss techn kaufm städt staatl
        kath ev evang dt engl frz franz ital lat griech österr schweiz amtl öffentl wörtl mdl schriftl
        persönl jew monatl jährl tägl ff.a o.g a.a o.a i.v.m iv.m iur zw bsp bijv d.w.z resp m.b.t t.o.v vs
        cf cfr e.g i.e ex p.ex par.ex c.-à-d ad es ad.es p.ej ej aprox approx env incl excl nl""",
    # At the end of an enumeration, an amount or a name: a sentence may well be over.
    "ending": """usw etc ff f u.s.w u.v.m u.v.a u.a.m m usf u.dgl dgl u.ä o.ä ä u.ö std stdn min sek mio mrd tsd stk
        st jh jhdt jhd jhs chr v.chr n.chr uhr str pl al et.al e.v v a.d gmbh co inc ltd jr sr jun sen bros
        corp prof.em i.r i.r q.e.d p.a p.m a.m u.s u.k u.s.a ee.uu ud uds d.j d.ä mwst ust w.o s.o s.u o.k
        bh.""",
    # Months and days of the week.
    "month": """jan jän feb febr mär mrz apr jun jul aug sep sept okt nov dez mo di mi do fr sa so oct dec janv févr
        avr juil déc""",
}

_KIND_OF = {word: kind for kind, words in _KINDS.items() for word in words.split()}
# Streets and squares, which the number of a house follows: Goethestr., Marktpl.
_STREETS = ("str", "pl")


def kind_of(word: str) -> str:
    """Return the kind of an abbreviation; empty for other words."""
    return _KIND_OF.get(word) or ("numbered" if len(word) > 4 and word.endswith(_STREETS) else "")


# What follows an ordinal number: "am 3. Oktober", "im 5. Stock".
AFTER_ORDINAL = [
    "Januar",
    "Februar",
    "März",
    "April",
    "Mai",
    "Juni",
    "Juli",
    "August",
    "September",
    "Oktober",
    "November",
    "Dezember",
    "Jan",
    "Feb",
    "Mär",
    "Apr",
    "Jun",
    "Jul",
    "Aug",
    "Sep",
    "Sept",
    "Okt",
    "Nov",
    "Dez",
    "Jänner",
    "Quartal",
    "Jahrhundert",
    "Jh",
    "Weltkrieg",
    "Stock",
    "Etage",
    "Klasse",
    "Auflage",
    "Kapitel",
    "Platz",
    "Tag",
    "Mal",
    "Semester",
    "Kreis",
    "Liga",
    "Bundesliga",
]
