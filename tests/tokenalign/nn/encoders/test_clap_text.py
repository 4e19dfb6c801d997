from __future__ import annotations

from pathlib import Path

import torch
from transformers import AutoTokenizer, ClapModel

from tokenalign.nn.encoders.clap_text import load_clap_text


@torch.no_grad()
def test_states_are_those_of_the_text_model(clap_folder: Path) -> None:
    encoder = load_clap_text(clap_folder).eval()
    states, mask, offsets = encoder(["a dog", "rain"])
    tokens = AutoTokenizer.from_pretrained(clap_folder)(["rain"], return_tensors="pt")
    alone = ClapModel.from_pretrained(clap_folder).text_model(**tokens).last_hidden_state[0]
    torch.testing.assert_close(states[1][mask[1]], alone[1:-1], atol=1e-5, rtol=1e-5)
    assert encoder.width == 16
    assert offsets[1][mask[1]].tolist() == [[0, 1], [1, 2], [2, 3], [3, 4]]
