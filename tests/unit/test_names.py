"""Names that stand for what is kept."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from translator.kept.names import Names, unused


@pytest.mark.parametrize(
    ("text", "prefix"),
    [
        ("Das Auto", "X"),
        ("Der BMW X5", "QX"),
        ("x 12 und QX1", "ZX"),
        ("X1, QX2, ZX-3, K4, H5, V6, B7", "XX"),
        ("X1, QX2, ZX-3, K4, H5, V6, B7, XXXX1", "XXXXX"),
    ],
)
def test_a_family_that_the_text_does_not_use(text: str, prefix: str) -> None:
    assert unused(text).prefix == prefix


@given(st.text(alphabet="XxQZKHVB1 -a", max_size=60))
def test_no_name_of_the_family_stands_in_the_text(text: str) -> None:
    assert unused(text).find(text) == []


@pytest.mark.parametrize(
    ("text", "mended"),
    [
        ("See X1 and X2.", "See X1 and X2."),
        ("See X2 and X1.", "See X2 and X1."),
        ("See x1 and X 2.", "See X1 and X2."),
        ("See X11 and X22.", "See X1 and X2."),
        ("See X1 and X7.", "See X1 and X2."),
        ("See X1 and X2 and X3.", "See X1 and X2 and ."),
        ("See X1s and aX2.", "See X1s and aX2."),
        ("See X1 and 3 x 5 m.", "See X1 and 3 x 5 m."),
        ("See X1 and X2 x 5 m.", "See X1 and X2 x 5 m."),
    ],
)
def test_names_are_found_again(text: str, mended: str) -> None:
    assert Names("X").mend(text, ["X1", "X2"]) == mended
