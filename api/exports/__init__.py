"""Documents in other forms: each module writes one, piece by piece, from the sentences of one part after the other."""
