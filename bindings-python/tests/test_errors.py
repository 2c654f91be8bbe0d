"""Errors: a class for each kind, with issues; a panic is an ordinary exception."""

from __future__ import annotations

import pickle
from pathlib import Path

import pytest

import milkrun
from milkrun import _errors

HEAD = '"milkrun": "problem", "version": 1'

CASES = {
    "{": milkrun.JsonSyntaxError,
    "{}": milkrun.JsonKindError,
    '{"milkrun": "problem", "version": 7}': milkrun.JsonVersionError,
    f'{{{HEAD}, "clients": 3}}': milkrun.JsonShapeError,
    f'{{{HEAD}, "clients": [{{"location": "x"}}]}}': milkrun.JsonContentError,
    f'{{{HEAD}, "clients": [{{"location": {{"x": 1, "y": 1}}}}]}}': milkrun.ValidationError,
    "hello": milkrun.FormatError,
    "DIMENSION : x\nCAPACITY : y\n": milkrun.ReadError,
}


@pytest.mark.parametrize("text", CASES)
def test_each_kind_has_its_class(text: str) -> None:
    with pytest.raises(milkrun.MilkrunError) as caught:
        milkrun.read_text(text)
    assert type(caught.value) is CASES[text]
    again = pickle.loads(pickle.dumps(caught.value))
    assert (type(again), str(again), again.issues) == (type(caught.value), str(caught.value), caught.value.issues)


def test_all_faults_of_a_text_are_issues() -> None:
    with pytest.raises(milkrun.ReadError) as caught:
        milkrun.read_text("DIMENSION : x\nNODE_COORD_SECTION\n1 a 0\n")
    issues = caught.value.issues
    found = {(issue.path, issue.value) for issue in issues}
    assert {("line 1, DIMENSION", "x"), ("line 3, NODE_COORD_SECTION", "a")} <= found
    assert all(issue.message and issue.remedy for issue in issues)
    assert any("line 1, DIMENSION = x: " in str(issue) for issue in issues)


def test_every_error_of_the_core_has_a_class() -> None:
    codes = {"validation", "read", "json_syntax", "json_kind", "json_version", "json_shape", "json_content"}
    codes |= {"plan", "write", "adapt", "compare", "pareto", "period", "scenarios", "road", "format", "forecast"}
    codes |= {"tables", "setting", "carry"}
    assert set(_errors._CLASSES) == codes
    for code, kind in _errors._CLASSES.items():
        assert kind.code == code
        assert issubclass(kind, Exception)


def test_words_that_mean_nothing() -> None:
    with pytest.raises(milkrun.FormatError, match="vrplib"):
        milkrun.read_text("x", format="xml")  # type: ignore[arg-type]
    with pytest.raises(ValueError, match="unknown rounding"):
        milkrun.read_text("x", rounding="up")  # type: ignore[arg-type]
    with pytest.raises(FileNotFoundError):
        milkrun.read("no such file")


def test_a_panic_is_an_ordinary_exception() -> None:
    # That a panic ends as such a failure, the core tests.
    error = _errors._of_failure({"code": "internal", "message": "milkrun failed inside: boo", "issues": ()})
    assert isinstance(error, milkrun.InternalError)
    assert isinstance(error, Exception)
    assert str(error) == "milkrun failed inside: boo"


def test_random_bytes_never_end_in_anything_else(tmp_path: Path) -> None:
    import random

    rng = random.Random(1)
    seeds = [*CASES, "NAME : a\nTYPE : CVRP\nDIMENSION : 2\nCAPACITY : 3\nNODE_COORD_SECTION\n1 0 0\n2 1 1\n"]
    for _ in range(400):
        text = bytearray(rng.choice(seeds).encode())
        for _ in range(rng.randint(0, 6)):
            text[rng.randrange(len(text))] = rng.randrange(256)
        try:
            milkrun.read_text(bytes(text))
        except milkrun.MilkrunError as error:
            if isinstance(error, milkrun.InternalError):
                pytest.fail(f"{text!r}: {error}")
