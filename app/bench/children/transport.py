"""How long our transport plans take, and POT's, one after the other."""

from __future__ import annotations

import json
import sys

import numpy as np
import ot
import torch

from app.bench.timing import medians_s, seconds
from tokenalign.nn.levels.regional import transport_plan


def main() -> None:
    """Request: problems, rows, columns, blur, iterations, runs. Answer: seconds, difference."""
    request = json.load(sys.stdin)
    blur, iterations = request["blur"], request["iterations"]
    random = np.random.default_rng(0)
    cost = random.random((request["problems"], request["rows"], request["columns"]))
    rows = np.full(request["rows"], 1 / request["rows"])
    columns = np.full(request["columns"], 1 / request["columns"])
    batch = [
        torch.from_numpy(array.astype(np.float32))
        for array in (cost, *(np.tile(share, (len(cost), 1)) for share in (rows, columns)))
    ]

    def ours() -> torch.Tensor:
        return transport_plan(*batch, blur=blur, iterations=iterations)

    def peer(method: str = "sinkhorn") -> list[np.ndarray]:
        return [
            ot.sinkhorn(rows, columns, one, blur, method, iterations, stopThr=0, warn=False)
            for one in cost
        ]

    ours_s, peer_s = medians_s(ours, peer, runs=request["runs"])
    answer = {
        "ours_s": ours_s,
        "peer_s": peer_s,
        "peer_log_s": seconds(lambda: peer("sinkhorn_log")),
        "difference": float(np.abs(ours().numpy() - np.stack(peer())).max()),
    }
    print(json.dumps(answer))  # noqa: T201


if __name__ == "__main__":
    main()
