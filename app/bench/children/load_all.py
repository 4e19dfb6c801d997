"""A search without any index: all vectors are read, then all clips are scored."""

from __future__ import annotations

import json
import sys
from pathlib import Path

from app.bench.exhaustive import Exhaustive, Question
from tokenalign import load_bundle
from tokenalign.library import Library


def main() -> None:
    """Request: data_dir, bundle, caption. Answer: best, the path of the best clip."""
    request = json.load(sys.stdin)
    model = load_bundle(request["bundle"])
    with Library.open(Path(request["data_dir"])) as library:
        work = Exhaustive.scored(library, model, (Question(request["caption"]),))
        while True:
            try:
                next(work)
            except StopIteration as end:
                found: Exhaustive = end.value
                break
    best = found.paths[int(found.scores[0].argmax())]
    print(json.dumps({"best": str(best)}))  # noqa: T201


if __name__ == "__main__":
    main()
