"""Office documents: what Word, slides and sheets have in common, and each of them; OpenDocument."""
