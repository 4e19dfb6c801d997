"""PaSST (Koutini et al., Interspeech 2022) as a frame encoder, on hear21passt's network.

The network's patch grid, 8 bands by 62 columns for ten seconds, becomes 62 frames of 160 ms by
the mean over the bands; the published wrapper keeps only the two class tokens. In training whole
columns and bands are left out (structured patchout): their frames stay where they are in time, and
are masked.
"""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from pathlib import Path

import torch
from hear21passt.models.passt import PaSST
from safetensors.torch import load_file, save_file
from torch import Tensor, nn

from tokenalign.nn.encoders.interface import AudioFrames
from tokenalign.nn.encoders.locality import LastBlock, OwnValues, value_part
from tokenalign.nn.encoders.passt_mel import BANDS, HOP_SAMPLES, SAMPLE_RATE, PasstMel
from tokenalign.nn.encoders.segments import Segmenting

PATCH = 16
SEGMENT_MEL_FRAMES = 1000
COLUMNS = 62
SEGMENTING = Segmenting(
    sample_rate=SAMPLE_RATE,
    segment_samples=SEGMENT_MEL_FRAMES * HOP_SAMPLES,
    frame_samples=PATCH * HOP_SAMPLES,
    segment_frames=COLUMNS,
    overlap_frames=16,
)
MODEL_TYPE = "passt"


@dataclass(frozen=True)
class PasstConfig:
    """Sizes of the network: those of ``passt_s_p16_s16_128_ap468`` by default.

    Attributes:
        width: C.
        depth: blocks.
        heads: of each block.
        classes: of the classifier that the weights carry and nothing here uses.
        column_patchout: columns, of 62, that training leaves out.
        band_patchout: bands, of 8, that training leaves out.
    """

    width: int = 768
    depth: int = 12
    heads: int = 12
    classes: int = 527
    column_patchout: int = 15
    band_patchout: int = 2


def passt_network(config: PasstConfig) -> PaSST:
    """hear21passt's network with random weights."""
    return PaSST(
        img_size=(BANDS, SEGMENT_MEL_FRAMES),
        patch_size=PATCH,
        stride=(PATCH, PATCH),
        embed_dim=config.width,
        depth=config.depth,
        num_heads=config.heads,
        num_classes=config.classes,
        distilled=True,
    )


class PasstEncoder(nn.Module):
    """An `AudioEncoder`: 32 kHz, frames of 160 ms.

    Longer inputs run as segments of ten seconds that share 16 frames (2.56 s), cross-faded;
    shorter ones are padded with silence and masked.

    Args:
        network: hear21passt's, as `passt_network` makes it.
        config: its sizes.
    """

    sample_rate = SAMPLE_RATE

    def __init__(self, network: PaSST, config: PasstConfig) -> None:
        super().__init__()
        self.config = config
        self.mel = PasstMel()
        self.network = network

    @property
    def width(self) -> int:
        """C."""
        return self.config.width

    def forward(self, waveform: Tensor, valid_s: Tensor) -> AudioFrames:
        """See `AudioEncoder`."""
        return SEGMENTING.encode(waveform, valid_s, self._frames)

    def _frames(self, samples: Tensor, _real: Tensor) -> tuple[Tensor, Tensor]:
        """Frames [R, 62, C] of segments, 0 where a column is left out, and the mask [R, 62]."""
        mel = self.mel(samples).unsqueeze(1)
        bands, columns = self._patchout(BANDS // PATCH, COLUMNS)
        grid = self._grid(mel, bands, columns)
        frames = grid.new_zeros(len(grid), COLUMNS, self.width)
        frames = frames.index_copy(1, columns, grid)
        kept = torch.zeros(COLUMNS, dtype=torch.bool, device=grid.device)
        kept[columns] = True
        return frames, kept.expand(len(grid), -1)

    def grid(self, mel: Tensor) -> Tensor:
        """Frames [R, 62, C] of whole segments [R, 1, 128, 992 or more]; nothing is left out."""
        device = mel.device
        bands, columns = (torch.arange(n, device=device) for n in (BANDS // PATCH, COLUMNS))
        return self._grid(mel, bands, columns)

    def _grid(self, mel: Tensor, bands: Tensor, columns: Tensor) -> Tensor:
        """Frames [R, T, C]: the mean over bands; arguments as in `states`."""
        patches = self.states(mel, bands, columns)[:, 2:]
        return patches.reshape(mel.shape[0], len(bands), len(columns), -1).mean(dim=1)

    def _patchout(self, bands: int, columns: int) -> tuple[Tensor, Tensor]:
        """Indices of the bands and the columns that take part, one draw for a batch."""
        config, device = self.config, self.network.cls_token.device
        dropped = (config.band_patchout, config.column_patchout) if self.training else (0, 0)
        # The first column always stays: it is all that a clip shorter than a frame has.
        later = torch.randperm(columns - 1, device=device)[: columns - 1 - dropped[1]] + 1
        kept_columns = torch.cat([later.new_zeros(1), later.sort().values])
        kept_bands = torch.randperm(bands, device=device)[: bands - dropped[0]].sort().values
        return kept_bands, kept_columns

    def states(self, mel: Tensor, bands: Tensor, columns: Tensor) -> Tensor:
        """What comes out of the network's last norm.

        Args:
            mel: [R, 1, 128, 1000] of segments.
            bands: [F] int64, indices of the bands of patches that take part.
            columns: [T] int64, the same of the columns.

        Returns:
            [R, 2 + F * T, C]: the class and the distillation token, then the patches, bands
            first.
        """
        net = self.network
        grid = net.patch_embed.norm(net.patch_embed.proj(mel))
        grid = grid + net.time_new_pos_embed[..., : grid.shape[-1]] + net.freq_new_pos_embed
        patches = grid.index_select(2, bands).index_select(3, columns).flatten(2).transpose(1, 2)
        tokens = torch.cat([net.cls_token, net.dist_token], dim=1) + net.new_pos_embed
        # Not len(mel), which an exported graph would hold as a constant.
        sequence = torch.cat([tokens.expand(mel.shape[0], -1, -1), patches], dim=1)
        states: Tensor = net.norm(net.blocks(net.pos_drop(sequence)))
        return states


def save_passt(network: PaSST, config: PasstConfig, folder: Path) -> None:
    """Write ``config.json`` and ``model.safetensors`` as `load_passt` reads them."""
    folder.mkdir(parents=True, exist_ok=True)
    facts = {"model_type": MODEL_TYPE, **asdict(config)}
    (folder / "config.json").write_text(json.dumps(facts, indent=2) + "\n", encoding="utf-8")
    state = {name: value.contiguous() for name, value in network.state_dict().items()}
    save_file(state, folder / "model.safetensors")


def make_local(network: PaSST, last_block: LastBlock) -> None:
    """Change the network's last block, in place; its pretrained values stay."""
    if last_block == "attention":
        return
    block = network.blocks[-1]
    projection = nn.Sequential(block.attn.proj, block.attn.proj_drop)
    block.attn = OwnValues(value_part(block.attn.qkv), projection)
    if last_block == "values alone":
        block.mlp = nn.Identity()


def load_passt(folder: Path, last_block: LastBlock = "attention") -> PasstEncoder:
    """The encoder of a folder that `save_passt` wrote, in training mode."""
    facts = json.loads((folder / "config.json").read_text(encoding="utf-8"))
    del facts["model_type"]
    config = PasstConfig(**facts)
    network = passt_network(config)
    network.load_state_dict(load_file(folder / "model.safetensors"))
    make_local(network, last_block)
    return PasstEncoder(network, config)
