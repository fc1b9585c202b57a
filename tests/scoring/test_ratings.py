from __future__ import annotations

import numpy as np
import pytest

from scoring.ratings import RatingsFault, read_ratings

NAN = float("nan")


@pytest.mark.parametrize(
    ("text", "table"),
    [
        ("1,2\n3,4\n", [[1, 2], [3, 4]]),
        ("1,2.5\n,4\n", [[1, 2.5], [NAN, 4]]),
        ("ann,bob\n1,2\n3,4\n", [[1, 2], [3, 4]]),
        (",ann,bob\nplan A,1,2\nplan B,3,\n", [[1, 2], [3, NAN]]),
        ("plan A,1,2\nplan B,3,4\n", [[1, 2], [3, 4]]),
        ("plan;ann;bob\nA;3,5;4\nB;;5\n", [[3.5, 4], [NAN, 5]]),
        ("1\t2,5\n3\t4\n", [[1, 2.5], [3, 4]]),
        ('"1","2"\r\n\r\n"3","4"\r\n', [[1, 2], [3, 4]]),
        (" 1 , 2\n,\n", [[1, 2], [NAN, NAN]]),
    ],
)
def test_a_table_is_read(text: str, table: list) -> None:
    np.testing.assert_array_equal(read_ratings(text), table)


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("", "no ratings"),
        ("\n\n", "no ratings"),
        ("1,2\n3,x\n", "line 2, column 2: 'x' is not a number"),
        ("a,b,c\nA,1,2\nB,3,*\n", "line 3, column 3"),
        ("1,2\n3,inf\n", "line 2, column 2"),
        ("1,2\n3\n", "line 2: 1 cells"),
    ],
)
def test_a_fault_names_its_place(text: str, fault: str) -> None:
    with pytest.raises(RatingsFault, match=fault):
        read_ratings(text)
