"""Types: the stub is that of the library, the public part is complete, and strict checkers accept the examples."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from conftest import ROOT

import milkrun

PACKAGE = Path(milkrun.__file__).parent


def run(*command: str, cwd: Path | None = None) -> str:
    # Pyright looks for packages where the first Python of the path is.
    path = os.pathsep.join([str(Path(sys.executable).parent), os.environ.get("PATH", "")])
    done = subprocess.run(
        [sys.executable, "-m", *command],
        capture_output=True,
        text=True,
        cwd=cwd,
        env={**os.environ, "PATH": path},
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def test_the_package_says_that_it_is_typed() -> None:
    assert (PACKAGE / "py.typed").is_file()
    assert (PACKAGE / "_core.pyi").is_file()


def test_the_stub_agrees_with_the_library(tmp_path: Path) -> None:
    assert "no issues found" in run("mypy.stubtest", "milkrun._core", cwd=tmp_path)


def test_public_types_are_complete(tmp_path: Path) -> None:
    assert "completeness score: 100%" in run("pyright", "--verifytypes", "milkrun", "--ignoreexternal", cwd=tmp_path)


@pytest.mark.parametrize("folder", ["examples/python", "bindings-python/tests", "bindings-python/python"])
def test_mypy_strict(folder: str, tmp_path: Path) -> None:
    config = str(ROOT / "bindings-python" / "pyproject.toml")
    files = [str(path) for path in sorted((ROOT / folder).rglob("*.py"))]
    run("mypy", "--strict", "--config-file", config, "--cache-dir", str(tmp_path), *files, cwd=ROOT / folder)


def test_pyright_strict(tmp_path: Path) -> None:
    for script in (ROOT / "examples" / "python").glob("*.py"):
        (tmp_path / script.name).write_text(script.read_text())
    config = {"exclude": ["wrong.py"], "typeCheckingMode": "strict"}
    (tmp_path / "pyrightconfig.json").write_text(json.dumps(config))
    (tmp_path / "wrong.py").write_text("import milkrun\nmilkrun.MaxRuntime('ten')\n")
    assert "0 errors" in run("pyright", "-p", str(tmp_path), cwd=tmp_path)
    config["exclude"] = []
    (tmp_path / "pyrightconfig.json").write_text(json.dumps(config))
    with pytest.raises(AssertionError, match="MaxRuntime"):
        run("pyright", "-p", str(tmp_path), cwd=tmp_path)


def test_style() -> None:
    folder = ROOT / "bindings-python"
    run("ruff", "check", ".", "../examples/python", cwd=folder)
    run("ruff", "format", "--check", ".", "../examples/python", cwd=folder)
