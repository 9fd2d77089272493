"""The README tells the truth: its examples are run, and every target and command is named."""

from __future__ import annotations

import re
import shlex
from pathlib import Path

import pytest
from conftest import ROOT, Run, chronoville

README = (ROOT / "README.md").read_text(encoding="utf-8")
EXAMPLE = re.compile(r"^```(\w+)\n(.*?)^```", re.MULTILINE | re.DOTALL)


def blocks(language: str) -> list[str]:
    return [body for name, body in EXAMPLE.findall(README) if name == language]


def test_the_damaged_line_is_mended_as_shown() -> None:
    damaged, mended = blocks("text")[0].strip().splitlines()
    assert chronoville("repair", "-", stdin=f"{damaged}\n".encode()).out.strip() == mended


def test_the_python_example_says_what_it_prints() -> None:
    (code,) = blocks("python")
    namespace: dict[str, object] = {}
    *lines, last = code.strip().splitlines()
    exec("\n".join(lines), namespace)  # the README is ours
    expression, _, expected = last.partition("  # ")
    assert repr(eval(expression, namespace)) == expected


@pytest.mark.xdist_group("sample")
def test_the_query_gives_the_answer_shown(sample: Run) -> None:
    queries = re.findall(r'^make query SQL="(.*?)"\n', "\n".join(blocks("sh")), re.MULTILINE | re.DOTALL)
    answers = [body for body in blocks("tsv")]
    assert len(queries) == len(answers) >= 1
    for sql, answer in zip(queries, answers, strict=True):
        assert chronoville("query", sql, "--output", sample.output).out == answer


def test_every_target_of_the_makefile_is_described() -> None:
    targets = re.findall(r"^([a-z]+):.*##", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE)
    silent = [target for target in targets if target != "help" and f"make {target}" not in README]
    assert silent == []


@pytest.mark.parametrize("command", ["ingest", "chronology", "query", "repair", "inspect", "evaluate", "bench"])
def test_every_command_is_described_and_helps(command: str) -> None:
    assert f"chronoville {command}" in README
    assert chronoville(command, "--help").code == 0


def test_options_named_in_the_readme_exist() -> None:
    for line in re.findall(r"^chronoville .*$", "\n".join(blocks("sh")), re.MULTILINE):
        words = shlex.split(line, comments=True)
        shown = chronoville(words[1], "--help").out
        for option in (word for word in words if word.startswith("--")):
            assert option in shown, line


def test_links_lead_somewhere() -> None:
    for target in re.findall(r"\]\(([^)#]+)", README):
        assert target.startswith("http") or (ROOT / target).exists(), target
        assert not Path(target).is_absolute()
