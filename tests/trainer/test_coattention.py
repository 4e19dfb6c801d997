"""Co-attention end to end: trained on scenes, exported, indexed and searched in the terminal."""

from __future__ import annotations

import json
from dataclasses import replace
from functools import partial
from itertools import islice
from pathlib import Path

import numpy as np
import pytest
import soundfile
import torch
from torch import nn

from app.main import main as program
from tests.trainer.small_bundles import RATE, judging_model
from tokenalign.bundle import RERANK, WINDOWS, Reranking, read_bundle
from tokenalign.bundle_files import open_graph
from tokenalign.engine import Model
from tokenalign.nn.alignment import PADDING
from tokenalign.nn.coattention.config import CoAttentionConfig
from tokenalign.nn.coattention.matcher import CoAttentionMatcher
from tokenalign.nn.matching.inputs import Captions, Clips
from tokenalign.nn.system import CompactSystem
from tokenalign.refinement import Emphasis
from tokenalign.soundscapes import render
from trainer.batches import BatchSource
from trainer.evaluation.captions import TestCaptions
from trainer.evaluation.protocol import TestSet, ceiling_rows
from trainer.loop import train
from trainer.losses import losses
from trainer.model import build_model
from trainer.phrases import PhraseBank, caption_tokens
from trainer.recipe import RECIPES, Recipe, named_recipe, read_recipe, write_recipe

CAPTION = "a dog barks, then rain falls"
HEAD = CoAttentionConfig(width=16, heads=2, depth=1)


@pytest.fixture(scope="module")
def recipe(tiny_recipe: Recipe) -> Recipe:
    return replace(tiny_recipe, system="coattention", coattention=HEAD, steps=3)


@pytest.fixture(scope="module")
def bank(tiny_text: Path) -> PhraseBank:
    from trainer.distil import load_token_encoder

    return PhraseBank(*load_token_encoder(tiny_text))


@pytest.fixture(scope="module")
def system(
    recipe: Recipe, source: BatchSource, bank: PhraseBank, tmp_path_factory: pytest.TempPathFactory
) -> CompactSystem:
    """Trained for a few steps."""
    fresh = build_model(recipe, 32)
    of_batch = partial(losses, fresh, bank)
    told = list(train(fresh, recipe, source, of_batch, tmp_path_factory.mktemp("run")))
    assert [report.step for report in told] == [0, 1, 2]
    assert {"contrastive", "matching", "frame"} <= set(told[0].parts)
    assert all(np.isfinite(report.loss) for report in told)
    return fresh.eval()


@pytest.fixture(scope="module")
def model(
    system: CompactSystem, tiny_text: Path, tmp_path_factory: pytest.TempPathFactory
) -> Model:
    """The bundle of it."""
    return judging_model(system, tiny_text, tmp_path_factory.mktemp("bundles") / "judged")


@torch.no_grad()
def test_the_engine_scores_windows_as_the_matcher_does(
    model: Model, system: CompactSystem, bank: PhraseBank
) -> None:
    matcher = system.matcher
    assert isinstance(matcher, CoAttentionMatcher)
    sound = render("dog_bark", seed=3, duration_s=5.0, sample_rate=RATE)
    clip = model.encode_audio(sound, RATE)
    encoded = model.encode_text(CAPTION)
    tokens, token_mask = caption_tokens(system, bank, [CAPTION])
    assert encoded.whole is not None
    assert np.abs(encoded.whole.vectors - tokens[0][token_mask[0]].numpy()).max() < 2e-3  # in half

    found = model.rank_windows(encoded, clip.frames[None], clip.mask[None], clip.windows)

    said = torch.from_numpy(encoded.whole.vectors)[None]
    captions = Captions(
        said,
        torch.ones(said.shape[:2], dtype=torch.bool),
        torch.from_numpy(encoded.phrases)[None],
        torch.from_numpy(encoded.rank)[None],
    )
    assert PADDING not in encoded.rank
    clips = Clips(
        *(torch.from_numpy(part) for part in (clip.frames[None], clip.mask[None], clip.windows))
    )
    pooled = matcher.window_encoder(clips.frames, clips.mask).numpy()
    assert clip.windows == pytest.approx(pooled, abs=1e-4)
    raw = matcher(captions, clips).numpy()[0]
    standard = (raw - encoded.usual_score) / max(encoded.score_deviation, 0.02)
    assert found == pytest.approx(1 / (1 + np.exp(-standard / 5.0)), abs=1e-3)
    first = matcher.first_stage(captions, clips).numpy()[0]
    assert model.first_stage([CAPTION], [clip])[0] == pytest.approx(first, abs=1e-4)
    assert raw > first


@pytest.mark.parametrize(("tokens", "clips", "frames"), [(1, 1, 1), (4, 3, 6), (17, 2, 64)])
@torch.no_grad()
def test_the_graph_says_what_the_head_says(
    model: Model, system: CompactSystem, tokens: int, clips: int, frames: int
) -> None:
    unit, width = nn.functional.normalize, model.bundle.width
    said, heard = torch.randn(tokens, width), torch.randn(clips, frames, width)
    inputs = {
        "tokens": unit(said, dim=-1),
        "token_mask": torch.arange(tokens) < max(1, tokens - 1),
        "frames": unit(heard, dim=-1),
        "mask": torch.arange(frames) < torch.randint(1, frames + 1, (clips, 1)),
    }
    session = open_graph(model.bundle.path / RERANK, 1)

    (logits,) = session.run(None, {name: value.numpy() for name, value in inputs.items()})

    head = system.matcher.matching_head
    assert head is not None
    caption = inputs["tokens"].expand(clips, -1, -1), inputs["token_mask"].expand(clips, -1)
    expected = head(*caption, inputs["frames"], inputs["mask"]).numpy()
    assert logits == pytest.approx(expected, abs=1e-4)


def test_the_bundle_says_how_it_reranks_and_is_whole(model: Model) -> None:
    bundle = read_bundle(model.bundle.path)

    bundle.verify()
    assert bundle.system == "coattention"
    assert bundle.reranking == Reranking(weight=1.0, most=100)
    assert {RERANK, WINDOWS} <= set(bundle.sha256)


def test_emphases_take_words_from_what_is_judged(model: Model) -> None:
    encoded = model.encode_text(CAPTION)
    everything = encoded.judged_tokens

    without_rain = model.refined(encoded, [Emphasis.NORMAL, Emphasis.MUTED]).judged_tokens
    boosted = model.refined(encoded, [Emphasis.BOOSTED, Emphasis.NORMAL]).judged_tokens

    assert len(without_rain) < len(everything)
    assert np.array_equal(boosted, everything)
    nothing_to_hear = model.refined(encoded, [Emphasis.NEGATED, Emphasis.MUTED])
    assert not len(nothing_to_hear.judged_tokens)


def test_the_ceiling_is_told_of_bundles_that_rerank_alone(model: Model) -> None:
    clips = [
        model.encode_audio(render(kind, seed=4, duration_s=2.0, sample_rate=RATE), RATE)
        for kind in ("dog_bark", "rain")
    ]
    test = TestSet((), clips, TestCaptions({}, {}, 1), ["a dog barks", "rain falls"])

    (row,) = ceiling_rows(model, test)

    assert (row.name, row.figure.value) == ("t2a R@100 of the first stage", 100.0)
    plain = Model(replace(model.bundle, reranking=None), threads=1)
    assert not list(ceiling_rows(plain, test))


def test_sounds_are_indexed_searched_and_drawn(
    model: Model, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    def tokenalign(*arguments: object) -> str:
        capsys.readouterr()
        bundle = ("--bundle", str(model.bundle.path))
        assert program([*map(str, arguments), *bundle]) == 0
        return capsys.readouterr().out

    sounds = tmp_path / "sounds"
    sounds.mkdir()
    for kind in ("dog_bark", "rain", "siren"):
        samples = render(kind, seed=2, duration_s=12.0, sample_rate=RATE)
        soundfile.write(sounds / f"{kind}.wav", samples, RATE)
    library = ("--data-dir", tmp_path / "library")
    report = json.loads(tokenalign("index", sounds, "--json", *library))
    assert (report["indexed"], report["failed"]) == (3, [])

    found = json.loads(tokenalign("search", CAPTION, "--json", *library))

    assert [phrase["text"] for phrase in found["phrases"]] == ["a dog barks", "rain falls"]
    scores = [hit["score"] for hit in found["results"]]
    assert len(scores) == 3
    assert scores == sorted(scores, reverse=True)
    for hit in found["results"]:
        clip = model.encode_file(hit["path"])
        (moment, *_) = model.moments(CAPTION, clip)
        assert hit["score"] == pytest.approx(moment.score, abs=0.01)
    assert "rain falls" in tokenalign("ground", sounds / "rain.wav", CAPTION)


def test_a_run_stopped_in_between_goes_on_as_if_it_had_not(
    recipe: Recipe,
    source: BatchSource,
    bank: PhraseBank,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("trainer.steps.SAVE_EVERY", 2)

    def trained(run: Path, steps: int) -> list[float]:
        run.mkdir(exist_ok=True)
        system = build_model(recipe, 32)
        of_batch = partial(losses, system, bank)
        return [one.loss for one in islice(train(system, recipe, source, of_batch, run), steps)]

    write_recipe(recipe, tmp_path / "recipe.json")
    assert read_recipe(tmp_path / "recipe.json") == recipe
    whole = trained(tmp_path / "whole", 3)
    assert trained(tmp_path / "stopped", 2) + trained(tmp_path / "stopped", 3) == whole
    assert len(set(whole)) == 3


def test_the_recipe_is_found_by_name_and_changed_by_settings() -> None:
    assert RECIPES["coattention"].system == "coattention"
    changed = named_recipe("coattention", {"coattention": '{"cascade": "stacked", "depth": 3}'})
    assert (changed.coattention.cascade, changed.coattention.depth) == ("stacked", 3)
    assert isinstance(changed, Recipe)
