"""The command `satzstrom models map`."""

from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from translator.models.comparing import find
from translator.models.folder import DEFAULT

console = Console(highlight=False, soft_wrap=True)


def make_map(
    name: Annotated[str, typer.Argument(metavar="MODEL", help="Its id, NAME@REVISION, or its name.")],
    pairs: Annotated[
        list[str],
        typer.Argument(
            metavar="PAIRS…",
            help="Sentences with translations, best those that it was trained on, a million or more: a file with a source, "
            "a tab and its translation a line, or two files, SOURCE:TRANSLATION.",
        ),
    ],
    models: Annotated[
        Path, typer.Option("--models", envvar="SATZSTROM_MODELS", help="Folder of the models.")
    ] = DEFAULT,
    always: Annotated[
        int, typer.Option(min=0, help="How many pieces, those that come most often, are weighed for every sentence.")
    ] = 2000,
    sources: Annotated[
        int, typer.Option(min=1, help="For how many pieces of the source each of the others is weighed, at most.")
    ] = 30,
) -> None:
    """Make a vocabulary map, with which the CTranslate2 engine weighs only pieces that may come: that is faster.

    It is used once `search` in model.json says so (docs/models.md).
    """
    # What translates is not read by commands that do not translate.
    from translator.calibrating import read_pairs
    from translator.mapping import write

    model = find(models, name, "ctranslate2")
    found = [pair for text in pairs for pair in read_pairs(text)]
    console.print(f"Reading {len(found):,} pairs …", markup=False)
    path = write(model, found, always, sources)
    console.print(f'Written to {path}; used with "search": {{"vocabulary_map": true}} in model.json.', markup=False)
