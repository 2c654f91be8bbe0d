#!/usr/bin/env python3
"""The 10 nearest neighbours of 100,000 points by scipy's cKDTree: the points of roads-bench, and the same answers.

    cargo xtask roads                  # measures both
    benches/roads/nearest.py WORK      # after `roads-bench measure WORK`; needs numpy and scipy
"""
import os
import statistics
import sys
import time
from pathlib import Path

for name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ.setdefault(name, "1")

import numpy as np  # noqa: E402
from scipy.spatial import cKDTree  # noqa: E402

NEIGHBOURS = 10


def main():
    work = Path(sys.argv[1])
    points = np.fromfile(work / "nearest.points", dtype="<f8").reshape(-1, 2)
    own = np.fromfile(work / "nearest.found", dtype="<u4").reshape(len(points), NEIGHBOURS)
    times = []
    for _ in range(5):
        start = time.perf_counter()
        _, found = cKDTree(points).query(points, k=NEIGHBOURS + 1, workers=1)
        times.append((time.perf_counter() - start) * 1e3)
    # The nearest of all is the point itself.
    if not np.array_equal(found[:, 0], np.arange(len(points))) or not np.array_equal(found[:, 1:], own):
        raise SystemExit("nearest.py: scipy and milkrun found different neighbours")
    with open(work / "figures.tsv", "a") as file:
        file.write(f"100,000 points\tscipy cKDTree\tnearest\t{statistics.median(times)}\n")


if __name__ == "__main__":
    main()
