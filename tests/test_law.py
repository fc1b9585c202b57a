"""The table of the law names files and tests that exist."""

import ast
import re
from pathlib import Path

ROOT = Path(__file__).parents[1]
ROW = re.compile(r"^\| [^|]+ \| [^|]+ \| `([^`]+)` \| `([^`]+)::([^`]+)` \|$", re.MULTILINE)


def test_every_rule_of_the_law_lives_where_it_says_and_is_proven_where_it_says():
    text = (ROOT / "docs" / "law.md").read_text()
    rows = ROW.findall(text)
    lines = [line for line in text.splitlines() if line.startswith("| ") and not line.startswith("| article")]
    assert len(rows) == len(lines) > 30, "every line of the tables is read"
    missing = [place for place, _file, _test in rows if not (ROOT / place).is_file()]
    for _place, file, test in rows:
        known = {node.name for node in ast.parse((ROOT / file).read_text()).body if isinstance(node, ast.FunctionDef)}
        if test not in known:
            missing.append(f"{file}::{test}")
    assert missing == []
