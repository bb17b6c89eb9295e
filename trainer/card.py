"""The card of a trained model: its README.md."""

from collections import defaultdict
from collections.abc import Mapping, Sequence

from trainer.evaluation import Score
from trainer.plan import Plan
from trainer.report import DataReport

REASONS = {
    "empty": "one side is empty",
    "long": "over 1,000 characters",
    "ratio": "one side over three times as long as the other",
    "copied": "both sides are the same",
    "broken": "characters that could not be decoded",
    "test": "like a sentence of a test or held-out set",
    "duplicate": "as another pair, but for case, spaces and punctuation",
    "language": "in another language",
    "tokens": "more tokens than the model is trained for",
}
WEAKNESSES = "(to be filled by whoever has read translations of it: names, numbers, long sentences, kinds of text)"


def card(plan: Plan, data: DataReport, scores: Mapping[str, Score], facts: Mapping[str, object]) -> str:
    """Return the card in Markdown. `facts`: what is known of the training, by name."""
    blocks = [
        f"# {plan.name}@{plan.revision}",
        f"{plan.source} to {plan.target}. A MarianMT transformer trained with `satzstrom train`"
        + (f", beginning with {plan.init}." if plan.init else "."),
        "## Quality",
        "CTranslate2 int8, beam 4.",
        _table(
            ("test set", "sentences", "BLEU", "chrF"),
            [(name, f"{s.sentences:,}", f"{s.bleu:.1f}", f"{s.chrf:.1f}") for name, s in scores.items()],
        ),
        _signatures(scores),
    ]
    if not plan.tests:
        blocks.append(
            "There was no test set: the held-out pairs are from the same texts as the data, and flatter the model."
            + (" The model that it began with may have been trained on them." if plan.init else "")
        )
    blocks += [
        "**Weaknesses:** " + WEAKNESSES,
        "## Data",
        f"{data.pairs:,} pairs of sentences, SHA-256 `{data.checksum}`. By licence:",
        _licences(data),
        "Files:",
        _table(("file", "SHA-256"), [(name, f"`{digest}`") for name, digest in data.files.items()]),
    ]
    if data.dropped:
        rows = [(REASONS.get(reason, reason), f"{count:,}") for reason, count in data.dropped.items()]
        blocks += ["Left out:", _table(("why", "pairs"), rows)]
    blocks += ["## Training", _table(("", ""), [(name, str(value)) for name, value in facts.items()])]
    return "\n\n".join(block for block in blocks if block) + "\n"


def _licences(data: DataReport) -> str:
    counts: dict[str, int] = defaultdict(int)
    parts: dict[str, list[str]] = defaultdict(list)
    for name, part in data.parts.items():
        counts[part.licence] += part.pairs
        parts[part.licence].append(name)
    ordered = sorted(counts, key=lambda licence: -counts[licence])
    rows = [(licence, f"{counts[licence]:,}", ", ".join(parts[licence])) for licence in ordered]
    return _table(("licence", "pairs", "parts"), rows)


def _signatures(scores: Mapping[str, Score]) -> str:
    found = {signature for score in scores.values() for signature in (score.bleu_signature, score.chrf_signature)}
    return "sacrebleu: " + ", ".join(f"`{signature}`" for signature in sorted(found)) if found else ""


def _table(head: tuple[str, ...], rows: Sequence[tuple[str, ...]]) -> str:
    lines = [head, tuple("---" for _ in head), *rows]
    return "\n".join(
        "| " + " | ".join(cell.replace("|", "\\|").replace("\n", " ") for cell in line) + " |" for line in lines
    )
