"""Hugging Face transformers on PyTorch: any sequence-to-sequence model; a GPU where there is one, the CPU otherwise."""

import gc
import threading
from collections.abc import Sequence
from functools import partial
from typing import Any

import torch
from transformers import AutoModelForSeq2SeqLM

from translator.attention import Attention, from_pieces
from translator.engines import Decoding, Hypothesis, Tokens, output_cap
from translator.engines.ids import Encoder, Ids
from translator.engines.room import Room, batch_tokens
from translator.models.folder import Model


class TransformersEngine:
    """A model in the Hugging Face form: half precision on a GPU, full precision on a CPU."""

    verbatim = False
    workers = 1
    spare = 0

    def __init__(self, model: Model, threads: int) -> None:
        folder = model.folder_for("transformers")
        cuda = torch.cuda.is_available()
        self.model = model.offered[0]
        self.device = "cuda" if cuda else "cpu"
        self.limit = model.max_tokens
        self.round_size = 4096 if cuda else 160
        if not cuda:
            torch.set_num_threads(threads)
        # bfloat16 has the range of float32; older GPUs do not have it.
        half = torch.bfloat16 if cuda and torch.cuda.is_bf16_supported() else torch.float16
        self.encode = Encoder(model)
        self._tokenizer = self.encode.tokenizer
        for pair in model.offered:
            for tokens in model.prompt_for(pair):
                self.encode.of_tokens(tokens)
        unknown = self._tokenizer.unk_token_id
        # Some families do not count the names of languages among their special tokens.
        named = self._tokenizer.convert_tokens_to_ids(sorted(model.language_tokens()))
        self._marks = {*self._tokenizer.all_special_ids, *named} - {unknown, None}
        self._model: Any = AutoModelForSeq2SeqLM.from_pretrained(
            folder, local_files_only=True, dtype=half if cuda else torch.float32
        )
        self._model.to(self.device).eval()
        weights = self._model.num_parameters()
        self.batch_tokens = batch_tokens(torch.cuda.mem_get_info()[0], weights, self.workers) if cuda else 1024
        self._room = Room(self.batch_tokens, _give_memory_back)
        # generate() may not be used by two threads at once.
        self._lock = threading.Lock()

    def stop(self) -> None:
        """Nothing to give back."""

    def generate(self, batch: Sequence[Tokens], decoding: Decoding) -> list[Hypothesis]:
        """Translate the batch with beam search, in parts if memory is short."""
        return self._room.run(batch, partial(self._generate, decoding=decoding))

    def _generate(self, batch: Sequence[Tokens], decoding: Decoding) -> list[Hypothesis]:
        cap = output_cap(max(map(len, batch)))
        with self._lock, self.encode.lock, torch.inference_mode():
            before, prefix = map(self.encode.of_tokens, (decoding.before, decoding.prefix))
            asked = [[*before, *tokens] for tokens in batch]
            inputs = self._tokenizer.pad({"input_ids": asked}, return_tensors="pt").to(self.device)
            found = self._model.generate(
                **inputs,
                **self._beginning(prefix, len(batch)),
                num_beams=decoding.beam_size,
                num_return_sequences=decoding.hypotheses,
                max_new_tokens=cap,
                repetition_penalty=decoding.repetition_penalty,
                no_repeat_ngram_size=decoding.no_repeat_ngram,
                do_sample=False,
            )
            # What the decoder began with is no part of a translation.
            made = found[:, 1 + len(prefix) :]
            # Those of a sentence follow each other.
            sources = [tokens for tokens in batch for _ in range(decoding.hypotheses)]
            texts = [self._decode(ids.tolist(), tokens) for ids, tokens in zip(made, sources, strict=True)]
            best = found[:: decoding.hypotheses]
            given = len(before), len(prefix)
            attention = self._attend(inputs, best, batch, given) if decoding.attention else [None] * len(batch)
        end = self._model.generation_config.eos_token_id
        return [
            Hypothesis(
                texts[first],
                capped=end not in made[first].tolist(),
                others=tuple(texts[first + 1 : first + decoding.hypotheses]),
                attention=attended,
            )
            for first, attended in zip(range(0, len(texts), decoding.hypotheses), attention, strict=True)
        ]

    def _beginning(self, prefix: Sequence[int], count: int) -> dict[str, Any]:
        """Return what tells the search the tokens that `count` translations begin with."""
        if not prefix:
            return {}
        start = self._model.generation_config.decoder_start_token_id
        begun = torch.tensor([[start, *prefix]] * count, device=self.device)
        # What the model's own settings say of the first token is one language; it would be put behind these.
        return {"decoder_input_ids": begun, "forced_bos_token_id": None}

    def _attend(
        self, inputs: Any, best: Any, batch: Sequence[Tokens], given: tuple[int, int]
    ) -> list[Attention | None]:
        """Return what the words of translations were made from: the last layer's attention, of one pass over what was found.

        The search itself would give it for each beam and step. `given`: how many tokens of the prompt the model read, and
        with how many its decoder began.
        """
        usual = self._model.config._attn_implementation  # noqa: SLF001 (there is no other way to ask)
        # The faster ones do not tell their weights. Decoders of some families have settings of their own.
        parts = (self._model, self._model.get_decoder())
        for part in parts:
            part.set_attn_implementation("eager")
        try:
            seen = self._model(**inputs, decoder_input_ids=best[:, :-1], output_attentions=True).cross_attentions
        finally:
            for part in parts:
                part.set_attn_implementation(usual)
        if not seen:
            return [None] * len(batch)
        weights = seen[-1].float().mean(dim=1)
        before, prefix = given
        # Row by row what was made of the token before: the first token only begins.
        rows = weights[:, prefix:, before:].tolist()
        read, made = inputs["input_ids"][:, before:].tolist(), best[:, 1 + prefix :].tolist()
        return [
            from_pieces(self._pieces(source, tokens), self._pieces(target, tokens), mine)
            for tokens, source, target, mine in zip(batch, read, made, rows, strict=True)
        ]

    def _pieces(self, ids: list[int], source: Tokens) -> list[str]:
        """Return what each token stands for in a text; nothing for marks."""
        return [piece.replace("\u2581", " ").replace("\u0120", " ") for piece in self._filled(ids, source)]

    def _filled(self, ids: list[int], source: Tokens) -> list[str]:
        """Return the pieces of a text: what the vocabulary has no token for is the source's, and marks are empty."""
        unknown = self._tokenizer.unk_token_id
        texts = iter(source.unknown if isinstance(source, Ids) else ())
        pieces = self._tokenizer.convert_ids_to_tokens(ids)
        # Tables of weights may have more rows than there are tokens.
        return [
            "" if number in self._marks or piece is None else next(texts, "") if number == unknown else piece
            for number, piece in zip(ids, pieces, strict=True)
        ]

    def _decode(self, ids: list[int], source: Tokens) -> str:
        """Return the text of a translation; what the vocabulary has no token for (€, an emoji) is the source's."""
        text: str
        if self._tokenizer.unk_token_id not in ids:
            text = self._tokenizer.decode([number for number in ids if number not in self._marks])
            return text
        text = self._tokenizer.convert_tokens_to_string([piece for piece in self._filled(ids, source) if piece])
        return text.strip()


def _give_memory_back() -> None:
    """Let go of what PyTorch keeps of the GPU's memory for later."""
    gc.collect()
    torch.cuda.empty_cache()
