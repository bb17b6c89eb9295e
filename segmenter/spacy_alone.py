"""What the segmenter uses of spaCy, loaded without PyTorch.

Where PyTorch is installed, spaCy loads it too: three seconds and hundreds of megabytes for each segmenter, for nothing.
"""

import sys

__all__ = ["Doc", "Language", "Vocab"]

_hidden = "torch" not in sys.modules
if _hidden:
    sys.modules["torch"] = None  # type: ignore[assignment]  # so that importing it says that there is none
try:
    from spacy.language import Language
    from spacy.tokens import Doc
    from spacy.vocab import Vocab
finally:
    if _hidden:
        del sys.modules["torch"]
