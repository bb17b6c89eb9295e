"""How a running pipeline is asked for another number of translators."""

from pathlib import Path

import pytest

from embedded import state


def test_a_request_is_taken_once_and_the_last_one_counts(tmp_path: Path) -> None:
    assert state.take_request(tmp_path) is None
    state.ask_for_translators(tmp_path, 4)
    state.ask_for_translators(tmp_path, 2)
    assert state.take_request(tmp_path) == 2
    assert state.take_request(tmp_path) is None


def test_a_request_that_is_no_number_is_refused_once(tmp_path: Path) -> None:
    (tmp_path / state.REQUEST_FILE).write_text("many")
    with pytest.raises(ValueError, match="many"):
        state.take_request(tmp_path)
    assert state.take_request(tmp_path) is None
