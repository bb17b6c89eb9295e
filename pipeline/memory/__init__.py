"""The translation memory's reading of texts: what counts as the same sentence, and how like two of them are."""
