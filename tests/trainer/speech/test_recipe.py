from __future__ import annotations

from pathlib import Path

import pytest

from tokenalign.errors import TokenAlignError
from trainer.speech.recipe import SpeechRecipe, changed_recipe, read_recipe, write_recipe


def test_a_recipe_is_read_back(tmp_path: Path) -> None:
    recipe = changed_recipe(
        [("encoder", "whisper-base"), ("speech.heads", "8"), ("compact.dilations", "[1, 2]")]
    )
    assert (recipe.encoder, recipe.speech.heads, recipe.compact.dilations) == (
        "whisper-base",
        8,
        (1, 2),
    )
    write_recipe(recipe, tmp_path / "recipe.json")
    assert read_recipe(tmp_path / "recipe.json") == recipe


def test_nothing_changed_is_the_plain_recipe() -> None:
    assert changed_recipe([]) == SpeechRecipe()


def test_an_unknown_setting_gets_the_nearest() -> None:
    with pytest.raises(TokenAlignError) as raised:
        changed_recipe([("speech.head", "8")])
    assert "heads" in raised.value.hint


def test_a_number_that_cannot_be_is_refused() -> None:
    for setting, text in (("steps", "0"), ("compact.width", "0"), ("unknown_share", "1.5")):
        with pytest.raises(TokenAlignError, match=f"setting {setting}: .* is too "):
            changed_recipe([(setting, text)])
