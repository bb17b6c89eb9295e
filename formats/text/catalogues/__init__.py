"""Files that have both sides, for translators: PO, XLIFF, TMX."""
