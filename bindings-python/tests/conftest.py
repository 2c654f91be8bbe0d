"""What several tests use."""

from __future__ import annotations

import os
import random
from pathlib import Path

import pytest

from milkrun import Model, Problem

os.environ.setdefault("MPLBACKEND", "Agg")

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def root() -> Path:
    """The folder of the project."""
    return ROOT


def star(count: int = 40, seed: int = 7, vehicles: int = 20, capacity: int = 40) -> Model:
    """A model of clients all around a depot."""
    rng = random.Random(seed)
    model = Model(f"star {seed}")
    depot = model.add_depot(0, 0, name="yard")
    for i in range(count):
        model.add_client(rng.randint(-500, 500), rng.randint(-500, 500), delivery=rng.randint(1, 9), name=f"c{i}")
    model.add_vehicle_type(vehicles, capacity=capacity, depot=depot, name="van")
    return model


@pytest.fixture
def problem() -> Problem:
    """Forty clients: big enough that a search has something to do."""
    return star().build()


@pytest.fixture
def big() -> Problem:
    """Four hundred clients: no search is through with it within a second."""
    return star(400, vehicles=100).build()
