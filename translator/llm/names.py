"""What languages are called when a language model is asked."""

from pipeline.language_names import NAMES


def name(code: str) -> str:
    """Return what a language is called, with its code where that says more: `German`, `Portuguese (pt-BR)`, `gsw`."""
    known = NAMES.get(code.partition("-")[0])
    if known is None:
        return f"the language with the code {code}"
    return known if "-" not in code else f"{known} ({code})"
