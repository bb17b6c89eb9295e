"""The classic design: a web service with a model of transformers, which is asked for one sentence at a time."""

import os
import sys
from typing import Any

import torch
import uvicorn
from fastapi import FastAPI
from pydantic import BaseModel
from transformers import MarianMTModel, MarianTokenizer

app = FastAPI()
_loaded: dict[str, Any] = {}


class Ask(BaseModel):
    """A sentence to translate."""

    text: str


@app.post("/translate")
def translate(ask: Ask) -> dict[str, str]:
    """Return the translation, searched as the pipeline does, but that it weighs the whole vocabulary."""
    batch = _loaded["tokenizer"]([ask.text], return_tensors="pt", truncation=True)
    with torch.inference_mode():
        search = {"num_beams": int(os.environ["BEAM"]), "length_penalty": float(os.environ["LENGTH_PENALTY"])}
        made = _loaded["model"].generate(**batch, **search, max_new_tokens=256)
    return {"translation": _loaded["tokenizer"].batch_decode(made, skip_special_tokens=True)[0]}


@app.get("/health")
def health() -> dict[str, str]:
    """Answer that the model is there."""
    return {"state": "ready"}


if __name__ == "__main__":
    _loaded["tokenizer"] = MarianTokenizer.from_pretrained(sys.argv[1])
    _loaded["model"] = MarianMTModel.from_pretrained(sys.argv[1], dtype=torch.float32).eval()
    uvicorn.run(app, host="127.0.0.1", port=int(sys.argv[2]), log_level="warning")
