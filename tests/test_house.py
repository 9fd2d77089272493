"""The shape of the house: who may import whom, and what every module must say of itself."""

from __future__ import annotations

import ast
import re
import tomllib
from pathlib import Path

import pytest

from pipeline.wordings import wordings

ROOT = Path(__file__).parent.parent / "pipeline"
ROOMS = ("extract", "repair", "entities", "events", "load", "chronology")
FLOOR = ("records", "alignment", "errors", "settings", "lexicon", "wordings")
MODULES = sorted(ROOT.rglob("*.py"))
TABLES = sorted(
    path
    for path in ROOT.rglob("*.toml")
    if any(
        f'wordings(__file__, "{path.name}")' in module.read_text(encoding="utf-8")
        for module in path.parent.glob("*.py")
    )
)


def imported(path: Path) -> set[str]:
    """The project's own modules a file imports, as the part after ``pipeline.``."""
    names: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module == "pipeline":
            names |= {f"pipeline.{alias.name}" for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            names.add(node.module)
    return {name.removeprefix("pipeline.").split(".")[0] for name in names if name.startswith("pipeline.")}


@pytest.mark.parametrize("path", MODULES, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_imports_go_one_way(path: Path) -> None:
    part = path.relative_to(ROOT).parts[0].removesuffix(".py")
    if part in ROOMS:
        assert imported(path) <= {part, *FLOOR, "__version__"}, "a room imports itself and the floor, nothing else"
    elif part in FLOOR:
        assert imported(path) <= set(FLOOR), "the floor stands on nothing of ours but itself"


@pytest.mark.parametrize("path", MODULES, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_every_module_says_why_and_stays_short(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    assert ast.get_docstring(ast.parse(text)), "a module opens with why it exists"
    assert len(text.splitlines()) <= 400, "a module this long is two"


@pytest.mark.parametrize("path", TABLES, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_every_wording_says_why_and_is_sought(path: Path) -> None:
    rows = tomllib.loads(path.read_text(encoding="utf-8"))
    sought = "".join(file.read_text(encoding="utf-8") for file in [*path.parent.glob("*.py"), path])
    patterns = wordings(str(path), path.name)
    for name, row in rows.items():
        assert len(row["why"]) > 10, name
        assert name not in patterns or not re.search(r"\{[a-z_]", patterns[name].pattern), f"{name}: a list is missing"
        assert f'"{name}"' in sought or f"{{{{{name}}}}}" in sought, name
