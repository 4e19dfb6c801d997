"""``import whisper``: a small Whisper of the published one's classes, from its folder to times."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import numpy as np
import onnxruntime
import pytest
import torch

from tokenalign.errors import TokenAlignError
from tokenalign.nn.encoders.whisper_graph import WhisperAttention, alignment_heads
from tokenalign.speech import SpeechBundle
from trainer.main import main
from trainer.whisper import import_whisper

PREFIX = ["<|startoftranscript|>", "<|en|>", "<|transcribe|>", "<|notimestamps|>"]


def token_ids(bundle: SpeechBundle, *tokens: str) -> list[int]:
    from tokenizers import Tokenizer

    tokenizer = Tokenizer.from_file(str(bundle.path / "tokenizer.json"))
    return [tokenizer.get_vocab()[token] for token in tokens]


def test_the_bundle_is_whole_and_says_what_it_is(tiny_whisper_bundle: SpeechBundle) -> None:
    bundle = tiny_whisper_bundle
    bundle.verify()
    assert (bundle.name, bundle.system, bundle.front_end_kind) == (
        "tiny-whisper", "whisper", "whisper",
    )  # fmt: skip
    assert bundle.frame_hop_s == pytest.approx(0.02)
    assert (bundle.window_frames, bundle.max_tokens) == (200, 64 - 4 + 1)
    assert bundle.heads == ((0, 1), (1, 0), (1, 1))
    assert bundle.vocabulary is None
    for said in ("OpenAI", "`en`", "licence is not known", "Not measured yet"):
        assert said in bundle.card


@torch.no_grad()
def test_the_graph_gives_what_whisper_itself_looks_at(
    tiny_whisper_bundle: SpeechBundle, whisper_folder: Path
) -> None:
    """Row l is where Whisper looks as it predicts token l: one place before the token's own."""
    from transformers import WhisperForConditionalGeneration

    model = WhisperForConditionalGeneration.from_pretrained(
        whisper_folder, attn_implementation="eager"
    )
    session = onnxruntime.InferenceSession(tiny_whisper_bundle.path / "attention.onnx")
    mel = torch.randn(1, 400, 80, generator=torch.Generator().manual_seed(1))
    prefix = token_ids(tiny_whisper_bundle, *PREFIX)
    (end,) = token_ids(tiny_whisper_bundle, "<|endoftext|>")
    for count in (1, 9, 60):
        text = torch.randint(0, 256, (1, count), generator=torch.Generator().manual_seed(count))
        read = torch.cat([torch.tensor([prefix]), text], dim=1)
        own = model(
            input_features=mel.transpose(1, 2), decoder_input_ids=read, output_attentions=True
        ).cross_attentions
        expected = torch.stack([own[0][0, 1], own[1][0, 0], own[1][0, 1]])[:, len(prefix) - 1 :]
        ids = torch.cat([text, torch.tensor([[end]])], dim=1)
        (found,) = session.run(None, {"mel": mel.numpy(), "token_ids": ids.numpy()})
        assert found.shape == (3, count + 1, 200)
        np.testing.assert_allclose(found, expected.numpy(), atol=1e-4)
        np.testing.assert_allclose(found.sum(axis=-1), 1.0, atol=1e-5)


@torch.no_grad()
def test_a_later_token_changes_no_row_before_it(whisper_folder: Path) -> None:
    from transformers import WhisperForConditionalGeneration

    model = WhisperForConditionalGeneration.from_pretrained(
        whisper_folder, attn_implementation="eager"
    )
    graph = WhisperAttention(model, prefix=[257, 258], heads=alignment_heads(model)).eval()
    mel = torch.randn(1, 400, 80, generator=torch.Generator().manual_seed(2))
    rows, others = (graph(mel, torch.tensor([[5, 6, last, 8]])) for last in (7, 90))

    torch.testing.assert_close(rows[:, :3], others[:, :3])
    assert not torch.equal(rows[:, 3], others[:, 3])


def test_words_are_read_as_behind_a_space_and_texts_end_by_their_end(
    tiny_whisper_bundle: SpeechBundle,
) -> None:
    from tokenizers import Tokenizer

    tokenizer = Tokenizer.from_file(str(tiny_whisper_bundle.path / "tokenizer.json"))

    assert tokenizer.encode("yes", add_special_tokens=False).tokens == ["Ġ", "y", "e", "s"]
    assert tokenizer.encode("").tokens == ["<|endoftext|>"]


def test_heads_without_a_list_are_all_of_the_upper_half(whisper_folder: Path) -> None:
    from transformers import GenerationConfig, WhisperForConditionalGeneration

    model = WhisperForConditionalGeneration.from_pretrained(whisper_folder)
    model.generation_config = GenerationConfig()  # type: ignore[no-untyped-call]

    assert alignment_heads(model) == ((1, 0), (1, 1))


def test_offline_the_command_to_run_is_named(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    cache, out = str(tmp_path / "cache"), str(tmp_path / "out")
    assert main(["import", "whisper", "whisper-tiny", "--cache", cache, "--out", out]) == 1
    said = capsys.readouterr().err
    assert f"run online: tokenalign-trainer fetch whisper-tiny --cache {cache}" in said
    assert not Path(out).exists()


def test_other_folders_are_refused(
    clap_folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["import", "whisper", str(clap_folder), "--out", str(tmp_path / "out")]) == 1
    assert "not a Whisper" in capsys.readouterr().err


def test_a_language_that_it_does_not_know_is_refused(whisper_folder: Path, tmp_path: Path) -> None:
    with pytest.raises(TokenAlignError, match=r"no <\|xx\|>"):
        import_whisper(whisper_folder, name="w", language="xx", out=tmp_path / "out")


def test_a_whisper_of_english_alone_takes_no_other_language(
    whisper_folder: Path, tmp_path: Path
) -> None:
    folder = shutil.copytree(whisper_folder, tmp_path / "whisper.en")
    settings = json.loads((folder / "generation_config.json").read_text())
    settings["is_multilingual"] = False
    (folder / "generation_config.json").write_text(json.dumps(settings))

    with pytest.raises(TokenAlignError, match="English alone"):
        import_whisper(folder, name="w", language="de", out=tmp_path / "out")


def test_a_model_too_large_for_one_file_is_refused(
    whisper_folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("trainer.whisper.MOST_PARAMETERS", 1000)

    with pytest.raises(TokenAlignError, match="too many for a bundle"):
        import_whisper(whisper_folder, name="w", language="en", out=tmp_path / "out")
