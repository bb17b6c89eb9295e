"""Given names that are common in German texts: an initial behind one of them belongs to a name ("Thomas A. Klein").

They are a feature of the model (`features.py`), not a rule.
"""

_NAMES = """
    achim adam adolf alexander alfred alice andrea andreas angela angelika anja anke anna anne annette anton antje
    antonia arne arno arthur axel barbara bastian bernd bernhard bettina birgit björn brigitte bruno carl carla carmen
    carola caroline carsten charlotte christa christian christiane christina christine christoph clara claudia claus
    cornelia daniel daniela david dennis dieter dietmar dirk dominik doris dorothea eberhard eckhard edgar eduard egon
    elena elfriede elias elisabeth elke ella emil emilia emma emmanuel erich erika ernst erwin eugen eva ewald fabian
    felix ferdinand finn florian frank franz franziska frieda friedrich fritz gabi gabriel gabriele georg george gerd
    gerda gerhard gerlinde gertrud gisela gottfried gottlieb gregor greta gudrun guido günter günther gustav hanna
    hannah hannelore hannes hans harald harry hartmut hedwig heike heiko heiner heinrich heinz helena helene helga
    helmut henning henry herbert hermann hilde hildegard holger horst hubert hugo ida ilse ina ines inge ingeborg ingo
    ingrid irene iris irmgard isabel isabella jakob james jan jana jens joachim jochen johann johanna johannes john
    jonas jonathan jörg josef joseph judith julia julian jürgen jutta kai karin karl karla karoline karsten katharina
    kathrin katja katrin kerstin klara klaus konrad kristina kurt lars laura lea lena leo leon leonhard leopold liesel
    lina lisa lothar louis louise ludwig luisa luise lukas lutz magdalena maike manfred manuel manuela marc marcel
    marcus margarete margit margot maria marianne marie marina mario marion markus marlene martin martina mary mathias
    mathilde matthias max maximilian mechthild meike melanie michael michaela miriam monika moritz nadine nadja natalie
    nicola nicole niklas nikolaus nils nina nora norbert olaf olga oliver oskar otto pascal patricia patrick paul paula
    pauline peter petra philipp pia rainer ralf ralph raphael rebecca regina reiner reinhard reinhold renate richard
    rita robert roland rolf roman rosa rosemarie rudi rudolf ruth sabine sabrina samuel sandra sara sarah saskia
    sebastian siegfried sigrid silke silvia simon simone sofia sonja sophia sophie stefan stefanie steffen stephan
    susanne sven svenja sylvia tanja tanya theo theodor theresa thomas thorsten till tim tina tobias tom torsten udo
    ulf uli ulla ulrich ulrike ursula ute uwe valentin vanessa vera verena veronika viktor viktoria vincent volker
    waldemar walter waltraud wendelin werner wilhelm willi william willy winfried wolf wolfgang yvonne
"""
GIVEN = tuple(_NAMES.split())
"""In small letters."""
_SET = frozenset(GIVEN)


def is_given(word: str) -> bool:
    """Whether a word in small letters, or the last part of one with a hyphen (`Karl-Heinz`), is a given name."""
    return word in _SET or ("-" in word and word.rpartition("-")[2] in _SET)
