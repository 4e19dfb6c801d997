"""What the README shows of the demo is what the demo answers."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parent.parent.parent
SHOWN = re.compile(r'tokenalign search "([^"]+)"\n\n1   (.+?)  +\d')


def test_the_first_results_that_the_readme_shows_are_the_demos() -> None:
    shown = dict(SHOWN.findall((ROOT / "README.md").read_text(encoding="utf-8")))
    demo = [sys.executable, "-m", "app", "demo", "--json"]
    printed = subprocess.run(demo, cwd=ROOT, capture_output=True, check=True, timeout=300).stdout

    first = {one["query"]: Path(one["results"][0]["path"]).name for one in json.loads(printed)}

    assert len(shown) == 2
    assert shown.items() <= first.items()
