"""What the documentation says of speed is what was measured."""

import json
import shutil
import sys
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest

from benchmarks import __main__ as benchmarks
from benchmarks import report
from benchmarks.bare import Bare
from benchmarks.plots import draw
from benchmarks.recorder import RESULTS, Figure, Plot, Recorder, least, most, read, shown
from benchmarks.servers import free_port, server
from pipeline.errors import SetupError
from tests.conftest import ROOT


def test_the_documentation_agrees_with_the_results() -> None:
    differ = [
        path.relative_to(ROOT).as_posix()
        for path, text in report.pages(list(read())).items()
        if not path.exists() or path.read_text(encoding="utf-8") != text
    ]
    assert not differ, f"make them anew with `python -m benchmarks report`: {differ}"


def test_no_plot_is_left_of_results_that_are_gone() -> None:
    drawn = {f"{plot.name}.svg" for results in read() for plot in results.plots}
    assert {path.name for path in (ROOT / "docs" / "plots").iterdir()} == drawn


def test_every_benchmark_has_a_place_in_the_documentation() -> None:
    pages = "".join(page.read_text(encoding="utf-8") for page in (ROOT / "docs").rglob("*.md"))
    named = report.named() | {name for name in benchmarks.ALL if f"benchmarks/results/{name}.json" in pages}
    assert named == set(benchmarks.ALL)


def test_results_are_of_benchmarks_that_there_are() -> None:
    assert {path.stem for path in RESULTS.glob("*.json")} <= set(benchmarks.ALL)


def test_every_round_is_kept_with_what_it_was_measured_on(tmp_path: Path) -> None:
    recorder = Recorder("some", "Something.")
    recorder.add("a ÷ b", [0.9, 1.1, 0.95], aim=least(0.92), note="three | times")
    recorder.add("once", 1234.5678, "s", aim=most(1000))
    recorder.leave_out("c", "it is not here")
    recorder.save(tmp_path)
    (found,) = read(tmp_path)
    assert [figure.rounds for figure in found.figures] == [[0.9, 1.1, 0.95], [1234.57]]
    assert found.machine.cores > 0
    assert found.commit.id
    assert {"python", "ctranslate2", "kafka", "mongodb", "java"} <= set(found.versions)
    page = tmp_path / "page.md"
    marks = ("<!-- aims -->\nold", "<!-- benchmark other -->", "<!-- benchmark some -->")
    page.write_text("# A\n\n" + "".join(f"{mark}\n<!-- end -->\n\n" for mark in marks) + "end\n", encoding="utf-8")
    text = report.pages([found], tmp_path)[page]
    assert "| a ÷ b | 0.95 | 0.90 to 1.10, 3 rounds | ≥ 0.92 | yes | `some` |" in text
    assert "| once | 1,235 s | 1 round | ≤ 1,000 |" in text
    assert "three \\| times" in text
    assert "Left out: c, it is not here." in text
    assert "old" not in text
    assert "No run is kept yet: `make bench NAMES=other`." in text
    assert text.endswith("<!-- end -->\n\nend\n")
    page.write_text(text, encoding="utf-8")
    assert report.pages([found], tmp_path)[page] == text


def test_nothing_measured_leaves_earlier_results(tmp_path: Path) -> None:
    recorder = Recorder("some", "Something.")
    recorder.add("a", 1)
    recorder.save(tmp_path)
    before = (tmp_path / "some.json").read_bytes()
    Recorder("some", "Something.").save(tmp_path)
    assert (tmp_path / "some.json").read_bytes() == before


@pytest.mark.parametrize(
    ("value", "text"),
    [(0, "0"), (0.0571, "0.057"), (0.924, "0.92"), (2, "2"), (41.26, "41.3"), (6612.4, "6,612"), (-7.25, "-7.25")],
)
def test_figures_say_three_digits(value: float, text: str) -> None:
    assert shown(value) == text


def test_the_spread_is_of_all_rounds() -> None:
    figure = Figure(name="x", rounds=[3, 1, 2])
    assert (figure.median, figure.spread) == (2, "1 to 3, 3 rounds")


@pytest.mark.parametrize("points", [[(1.0, 5.0)], [(0.0, 0.0), (1.0, 0.0)], [(1.0, 0.001), (50.0, 123456.0)]])
def test_plots_are_svg_with_every_point_inside(points: list[tuple[float, float]]) -> None:
    svg = ElementTree.fromstring(
        draw(Plot(name="x", title="a < b", across="n & m", up="ms", lines={"<one>": points}, diagonal=True))
    )
    width, height = float(svg.attrib["width"]), float(svg.attrib["height"])
    circles = svg.findall("{http://www.w3.org/2000/svg}circle")
    assert len(circles) == len(points)
    assert all(0 < float(one.attrib["cx"]) < width and 0 < float(one.attrib["cy"]) < height for one in circles)


def test_an_unknown_name_is_refused_before_anything_runs() -> None:
    with pytest.raises(SystemExit, match="no benchmark is named sped"):
        benchmarks.main(["segmentation", "sped"])


@pytest.mark.parametrize("search", [{}, {"beam": 3, "length_penalty": 1.3, "vocabulary_map": True}])
def test_the_bare_engine_searches_as_the_model_says(tmp_path: Path, search: dict[str, Any]) -> None:
    shutil.copytree(ROOT / "models" / "de-en", tmp_path / "de-en")
    (tmp_path / "de-en" / "ctranslate2" / "vmap.txt").write_text("\t\u2581Good \u2581morning .\n", encoding="utf-8")
    path = tmp_path / "de-en" / "model.json"
    path.write_text(json.dumps(json.loads(path.read_bytes()) | {"search": search}), encoding="utf-8")
    bare = Bare(tmp_path / "de-en")
    found = [bare._settings[name] for name in ("beam_size", "length_penalty", "use_vmap")]
    assert found == [search.get("beam", 4), search.get("length_penalty", 1.0), search.get("vocabulary_map", False)]
    bare.translate([bare.encode("Guten Morgen.")])


def test_a_server_that_ends_at_once_says_why() -> None:
    command = [sys.executable, "-c", "raise SystemExit('no such model')"]
    with pytest.raises(SetupError, match="no such model"), server(command, f"http://127.0.0.1:{free_port()}/", {}):
        pass
