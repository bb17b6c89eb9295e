"""`python -m trainer.timed` beside numpy, PyTorch and SentencePiece alone, with a network that trains in seconds."""

import sys
from collections.abc import Sequence
from importlib.abc import MetaPathFinder
from typing import Any

# What Satzstrom's other services and the rest of the trainer import.
MISSING = {
    "aiokafka",
    "aiohttp",
    "click",
    "ctranslate2",
    "faust",
    "fastapi",
    "httpx",
    "jiter",
    "lingua",
    "mlflow",
    "motor",
}
MISSING |= {
    "msgspec",
    "orjson",
    "pydantic",
    "pydantic_settings",
    "pymongo",
    "rich",
    "sacrebleu",
    "safetensors",
    "spacy",
}
MISSING |= {"structlog", "transformers", "translator", "typer", "uvicorn"}


class Bare(MetaPathFinder):
    def find_spec(self, name: str, path: Sequence[str] | None = None, target: Any = None) -> None:
        root = name.partition(".")[0]
        if root in MISSING:
            raise ModuleNotFoundError(f"No module named {root!r}", name=root)


if __name__ == "__main__":
    sys.meta_path.insert(0, Bare())
    from trainer import network, timed

    network.SIZES["tiny"] = network.Shape(width=32, inner=64, heads=2, encoder_layers=1, decoder_layers=1)
    timed.main()
