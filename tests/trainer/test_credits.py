"""Nobody's recording is used without credit."""

from __future__ import annotations

from pathlib import Path

import pytest

from tokenalign.errors import TokenAlignError
from trainer.credits import Credit, credits_of
from trainer.main import main
from trainer.recipe import Recipe, write_recipe
from trainer.recordings import Recording

HEADER = "filename,title,author,license,url\n"


@pytest.fixture
def esc50(tmp_path: Path) -> Path:
    """A folder that tells of five recordings and credits one, beside one that is not used."""
    meta = tmp_path / "esc50" / "meta"
    meta.mkdir(parents=True)
    rows = "".join(f"{name}.wav,{fold},dog\n" for name, fold in zip("abcde", "12341", strict=True))
    (meta / "esc50.csv").write_text(f"filename,fold,category\n{rows}")
    (meta / "attribution.csv").write_text(
        f'{HEADER}z.wav,Zoo,Zed,CC0,z\nc.wav,"Dogs, two",Ann,CC BY 3.0,https://example.org/1\n'
    )
    return tmp_path / "esc50"


def recordings(esc50: Path, names: str) -> list[Recording]:
    return [Recording(esc50 / "audio" / f"{name}.wav", "dog", 1) for name in names]


def test_recordings_that_are_used_are_credited(esc50: Path) -> None:
    assert credits_of(esc50, recordings(esc50, "c")) == [
        Credit("c.wav", "Dogs, two", "Ann", "CC BY 3.0", "https://example.org/1")
    ]


def test_recordings_without_credit_are_named_with_what_to_do(esc50: Path) -> None:
    with pytest.raises(TokenAlignError, match=r"for a\.wav, b\.wav, d\.wav and 1 more") as refusal:
        credits_of(esc50, recordings(esc50, "edcba"))

    assert "attribution.csv" in refusal.value.message
    assert "add a row for each" in refusal.value.hint


@pytest.mark.parametrize(
    ("text", "told"),
    [
        (None, "attribution.csv: not found"),
        ("filename,title\nc.wav,Dog\n", "no column 'author'"),
        (f"{HEADER}c.wav,Dog,,CC0,u\n", "line 2: no author"),
    ],
)
def test_a_table_that_lacks_something_is_refused(esc50: Path, text: str | None, told: str) -> None:
    table = esc50 / "meta" / "attribution.csv"
    table.unlink()
    if text is not None:
        table.write_text(text)

    with pytest.raises(TokenAlignError) as refusal:
        credits_of(esc50, recordings(esc50, "c"))

    assert told in refusal.value.message


def test_neither_a_store_nor_a_bundle_is_begun_without_credits(
    esc50: Path, tiny_text: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    run, out = tmp_path / "run", tmp_path / "out"
    write_recipe(Recipe(folds=(1, 2, 3, 4)), run / "recipe.json")
    export = ["export", "--run", run, "--text", tiny_text, "--fold", "5"]

    for command in (["prepare", "sounds"], export):
        arguments = [*command, "--esc50", esc50, "--out", out]
        assert main([str(argument) for argument in arguments]) == 1
        assert "nobody is credited for a.wav, b.wav, d.wav and 1 more" in capsys.readouterr().err
        assert not out.exists()
