"""What the README tells people to type exists, and the checks run what the README says."""

from __future__ import annotations

import re
import shlex
import subprocess
import tomllib
from pathlib import Path

import click
import numpy as np
import pytest
import soundfile

from app.main import commands

ROOT = Path(__file__).parent.parent
README = (ROOT / "README.md").read_text(encoding="utf-8")
EXAMPLES = re.findall(r"^tokenalign (.+)$", README, flags=re.MULTILINE)


@pytest.mark.parametrize("example", EXAMPLES)
def test_every_example_is_a_command_that_takes_these_arguments(example: str) -> None:
    verb, *arguments = shlex.split(example)

    command = commands.commands[verb]
    parser = command.make_parser(click.Context(command))
    _, left_over, _ = parser.parse_args(arguments)

    assert left_over == []


def test_every_verb_has_an_example() -> None:
    assert {example.split()[0] for example in EXAMPLES} == set(commands.commands)


@pytest.mark.parametrize(
    ("name", "last_step"),
    [("demo", ".venv/bin/tokenalign demo"), ("test", ".venv/bin/pytest")],
)
def test_a_command_line_is_read_from_the_readme_word_for_word(name: str, last_step: str) -> None:
    printed = subprocess.run(
        [ROOT / ".ci" / "readme-command", name], capture_output=True, text=True, check=True
    ).stdout

    assert len(printed.splitlines()) == 1
    assert f"<!-- command: {name} -->\n```sh\n{printed}```\n" in README
    assert printed.strip().endswith(last_step)


def test_a_command_that_the_readme_lacks_is_a_failure() -> None:
    answer = subprocess.run(
        [ROOT / ".ci" / "readme-command", "dance"], capture_output=True, text=True, check=False
    )

    assert (answer.returncode != 0, answer.stdout) == (True, "")


def test_the_checks_install_and_test_by_the_readme_alone() -> None:
    checks = (ROOT / ".ci" / "run").read_text(encoding="utf-8")

    assert ".ci/readme-command test" in checks
    assert "pip install" not in checks
    assert "pytest" not in checks


def test_the_extras_that_the_readme_installs_exist() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    named = {
        extra for extras in re.findall(r"'\.\[(.+?)\]'", README) for extra in extras.split(",")
    }

    assert named == {"train", "dev"}
    assert named <= set(project["optional-dependencies"])


def test_the_folders_that_the_readme_names_exist() -> None:
    named = re.findall(r"^\| `(\w+)/` \|", README, flags=re.MULTILINE)

    assert len(named) == 5
    assert [name for name in named if not (ROOT / name).is_dir()] == []


def test_the_python_example_runs_as_it_stands(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (example,) = re.findall(r"```python\n(.+?)```", README, flags=re.DOTALL)
    noise = np.random.default_rng(0).uniform(-0.5, 0.5, 32000)
    soundfile.write(tmp_path / "yard.wav", noise, 16000)
    monkeypatch.chdir(tmp_path)

    exec(compile(example, "README.md", "exec"), {})

    shown = capsys.readouterr().out
    assert "a dog barks first" in shown
    assert "rain then" in shown
