"""The command `satzstrom models calibrate`."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.table import Table

from pipeline.errors import SetupError
from translator.models.comparing import find
from translator.models.folder import DEFAULT
from translator.models.routes import Pair, parse_pair
from translator.models.showing import console

if TYPE_CHECKING:
    from translator.calibrating import Report


def calibrate(
    name: Annotated[str, typer.Argument(metavar="MODEL", help="Its id, NAME@REVISION, or its name.")],
    sets: Annotated[
        list[str],
        typer.Argument(
            metavar="PAIRS…",
            help="Sentences with translations by people that it was not trained on: a file with a source, a tab and its "
            "translation a line, or two files, SOURCE:TRANSLATION. Each set weighs the same.",
        ),
    ],
    models: Annotated[
        Path, typer.Option("--models", envvar="SATZSTROM_MODELS", help="Folder of the models.")
    ] = DEFAULT,
    pair: Annotated[str, typer.Option(help="Which of its pairs of languages, if it has several: de-en.")] = "",
    engine: Annotated[str, typer.Option(help="The engine that is to run it.")] = "ctranslate2",
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only show it; write nothing.")] = False,
) -> None:
    """Find out what a model's probabilities are worth, and write it to its model.json: confidence goes by it then.

    Half of each set makes the calibration, the other half shows how good it is.
    """
    # What translates is not read by commands that do not translate.
    from translator.calibrating import calibrated, write

    model = find(models, name, engine)
    console.print(f"Translating {len(sets)} sets with {model.id} …", markup=False)
    calibration, reports = calibrated(model, sets, _pair(pair), engine)
    _show(reports)
    if not dry_run:
        write(model, calibration)
        console.print(
            f"Written to {model.folder / 'model.json'}; translators that start from now on go by it.", markup=False
        )


def _show(reports: "dict[str, Report]") -> None:
    table = Table(
        "other half of", "sentences", "chrF", "confidence", "high", "medium", "low", "worst tenth found", box=None
    )
    for name, one in reports.items():
        levels = [f"{share:.0%} ({agreement:.0f})" for share, agreement in one.levels.values()]
        table.add_row(
            Path(name.partition(":")[0]).name,
            f"{one.sentences:,}",
            f"{one.agreement:.1f}",
            f"{one.confidence:.1f}",
            *levels,
            f"{one.found:.0%}",
        )
    console.print(table)
    console.print(
        "high, medium, low: share of the sentences, and their chrF; found: among the fifth with the least confidence"
    )


def _pair(text: str) -> Pair | None:
    try:
        return parse_pair(text) if text else None
    except ValueError as error:
        raise SetupError(f"--pair: {error}") from None
