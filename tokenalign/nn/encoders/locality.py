"""The locality-aware last block of a transformer that hears (MGA-CLAP, section 3.3).

In the last block, attention over all frames blurs what each says of its own moment. There its
output is replaced by the projected values of each frame itself; residual, norms and MLP stay as
they are. With more blocks replaced, what the encoder was pretrained for is lost.
"""

from __future__ import annotations

from typing import Literal

from torch import Tensor, nn

LastBlock = Literal["attention", "values", "values alone"]
"""The last block as it was pretrained; with projected values for attention (the paper's form); or
without its MLP too, so that the normed values are added as they are (the published code's)."""


class OwnValues(nn.Module):
    """Stands where attention was: the projected value of each patch, unmixed.

    Args:
        value: the attention's map to values, C to C.
        project: what the attention's output goes through.
    """

    def __init__(self, value: nn.Linear, project: nn.Module) -> None:
        super().__init__()
        self.value = value
        self.project = project

    def forward(self, states: Tensor) -> Tensor:
        """[R, N, C] to the same shape."""
        own: Tensor = self.project(self.value(states))
        return own


def value_part(joint: nn.Linear) -> nn.Linear:
    """The last third of a joint map to queries, keys and values."""
    width = joint.in_features
    value = nn.Linear(width, width, bias=joint.bias is not None)
    for name, parameter in joint.named_parameters():
        getattr(value, name).data.copy_(parameter.detach()[2 * width :])
    return value
