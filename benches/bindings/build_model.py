"""What a model costs in Python: seconds to build problems with a full matrix of numpy, the best of five runs.

    pip install milkrun numpy && python benches/bindings/build_model.py
"""

from __future__ import annotations

import time
from typing import Any

import numpy as np
from milkrun import Model, Problem


def build(matrix: Any, coordinates: list[tuple[float, float]]) -> Problem:
    model = Model()
    depot = model.add_depot(*coordinates[0])
    for x, y in coordinates[1:]:
        model.add_client(x, y, delivery=3, service=60, time_window=(0, 36_000))
    model.add_vehicle_type(100, capacity=100, depot=depot)
    if matrix is not None:
        model.travel_matrix(matrix)
    return model.build()


def best_of(runs: int, matrix: Any, coordinates: list[tuple[float, float]]) -> float:
    seconds = []
    for _ in range(runs):
        start = time.perf_counter()
        build(matrix, coordinates)
        seconds.append(time.perf_counter() - start)
    return min(seconds)


def main() -> None:
    places = np.random.default_rng(1).uniform(0, 10_000, (10_001, 2))
    for clients in (1_000, 10_000):
        some = places[: clients + 1]
        coordinates = [(float(x), float(y)) for x, y in some]
        print(f"{clients:>6} clients, straight lines  {best_of(5, None, coordinates):.3f} s")
        if clients == 1_000:
            lengths = np.hypot(*(some[:, None] - some[None]).transpose(2, 0, 1))
            for kind in ("int64", "float64"):
                print(f"{clients:>6} clients, {kind:<15}  {best_of(5, lengths.astype(kind), coordinates):.3f} s")


if __name__ == "__main__":
    main()
