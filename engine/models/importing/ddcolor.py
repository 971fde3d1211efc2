"""Published checkpoints of DDColor in our names.

Source: the layout of the authors' public code (piddnad/DDColor), the same for its large and its tiny network.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from engine.errors import BadWeightsError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from torch import Tensor

UNUSED = re.compile(r"mean|std|encoder\.arch\.norm\..*|encoder\.arch\.head_cls\..*")
"""Constants, and layers whose results nothing reads."""

_STAGES = ("to_sixteenth", "to_eighth", "to_quarter")

_RULES = [
    (re.compile(theirs), ours)
    for theirs, ours in (
        (r"encoder\.arch\.downsample_layers\.0\.(\d)\.(\w+)", r"encoder.stem_\1.\2"),
        (r"encoder\.arch\.downsample_layers\.(\d)\.(\d)\.(\w+)", r"encoder.stages_\1.downsample.\2.\3"),
        (r"encoder\.arch\.stages\.(\d)\.(\d+)\.dwconv\.(\w+)", r"encoder.stages_\1.blocks.\2.conv_dw.\3"),
        (r"encoder\.arch\.stages\.(\d)\.(\d+)\.pwconv(\d)\.(\w+)", r"encoder.stages_\1.blocks.\2.mlp.fc\3.\4"),
        (r"encoder\.arch\.stages\.(\d)\.(\d+)\.(gamma|norm\.\w+)", r"encoder.stages_\1.blocks.\2.\3"),
        (r"encoder\.arch\.norm(\d)\.(\w+)", r"norms.\1.\2"),
        *(
            (rf"decoder\.layers\.{index}\.{theirs}\.(\w+)", rf"pixel_decoder.{stage}.{ours}.\1")
            for index, stage in enumerate(_STAGES)
            for theirs, ours in (
                (r"shuf\.conv\.0", "up.conv"),
                (r"shuf\.conv\.1", "up.norm"),
                (r"bn", "skip_norm"),
                (r"conv\.0", "conv"),
                (r"conv\.2", "norm"),
            )
        ),
        (r"decoder\.last_shuf\.conv\.0\.(\w+)", r"pixel_decoder.to_full.conv.\1"),
        (r"decoder\.color_decoder\.query_feat\.weight", "color_decoder.queries.weight"),
        (r"decoder\.color_decoder\.query_embed\.weight", "color_decoder.query_places.weight"),
        (r"decoder\.color_decoder\.level_embed\.weight", "color_decoder.level_places.weight"),
        (r"decoder\.color_decoder\.input_proj\.(\d)\.(\w+)", r"color_decoder.project.\1.\2"),
        (r"decoder\.color_decoder\.decoder_norm\.(\w+)", r"color_decoder.norm.\1"),
        (r"decoder\.color_decoder\.color_embed\.layers\.(\d)\.(\w+)", r"color_decoder.embed.\1.\2"),
        *(
            (
                rf"decoder\.color_decoder\.transformer_{theirs}\.([\w.]+)",
                rf"color_decoder.blocks.\1.{ours}.\2",
            )
            for theirs, ours in (
                (r"cross_attention_layers\.(\d+)\.multihead_attn", "picture"),
                (r"cross_attention_layers\.(\d+)\.norm", "picture_norm"),
                (r"self_attention_layers\.(\d+)\.self_attn", "others"),
                (r"self_attention_layers\.(\d+)\.norm", "others_norm"),
                (r"ffn_layers\.(\d+)\.linear1", "expand"),
                (r"ffn_layers\.(\d+)\.linear2", "contract"),
                (r"ffn_layers\.(\d+)\.norm", "norm"),
            )
        ),
        (r"refine_net\.0\.0\.(\w+)", r"refine.\1"),
    )
]

_SPECTRAL = {
    ".weight_orig": ".parametrizations.weight.original",
    ".weight_u": ".parametrizations.weight.0._u",
    ".weight_v": ".parametrizations.weight.0._v",
}
"""Of the old spectral norm of torch, which the checkpoints were saved with, in the names of the new one."""


def rename(state: Mapping[str, Tensor]) -> dict[str, Tensor]:
    """A published checkpoint's tensors under our names; the tensors themselves are not changed.

    Args:
        state: Tensors by the names of the public code, taken out of any nesting.

    Returns:
        The state of an `engine.models.ddcolor.DDColor` of the same size.

    Raises:
        BadWeightsError: If a name is not one of DDColor's published layout.
    """
    return {_renamed(name): value for name, value in state.items() if UNUSED.fullmatch(name) is None}


def _renamed(name: str) -> str:
    for theirs, ours in _RULES:
        match = theirs.fullmatch(name)
        if match is not None:
            renamed = match.expand(ours)
            for old, new in _SPECTRAL.items():
                if renamed.endswith(old):
                    return renamed.removesuffix(old) + new
            return renamed
    raise BadWeightsError(
        f'This is not a published checkpoint of DDColor: its tensor "{name}" has no place there.',
        "Use a file of the authors, for example ddcolor_modelscope or ddcolor_paper_tiny.",
    )
