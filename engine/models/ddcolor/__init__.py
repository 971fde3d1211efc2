"""DDColor: a pixel decoder rebuilds the picture, a colour decoder asks it for colours, a product of both is the result.

Paper: X. Kang, T. Yang, W. Ouyang, P. Ren, L. Li, X. Xie, "DDColor: Towards Photo-Realistic Image Colorization via Dual
Decoders", ICCV 2023; the layout is that of the authors' public code (piddnad/DDColor), so that their checkpoints are
imported by renaming (`engine.models.importing.ddcolor`). Encoder: Liu et al., "A ConvNet for the 2020s", CVPR 2022.

Four sizes are in the registry:

- `ddcolor`, `ddcolor-t`: as published, with ConvNeXt-L (227.9 M parameters) and ConvNeXt-T (55.0 M).
- `ddcolor-tiny`: of the report "Cartoon Image Colorization", which gives ConvNeXt-T, a multi-scale pixel decoder, a
  single-scale colour decoder and 43.4 M parameters, but no widths. Chosen: the published pixel decoder; three blocks
  (the paper's three rounds), all at 1/16, with feed-forwards of 768, three times the width. 43.37 M.
- `ddcolor-reduced`: of the report "Automatic Image Colorization Using Deep Learning", 5.4.6: ConvNeXt-T, 2 heads,
  "embedding size from 100 to 50", "a single multiscale group" and "a single singlescale group". What is 100 in DDColor
  is the number of colour queries, so these are 50; chosen: one round over the three scales, and one more block at 1/16.

Differs from the public code: the final 1×1 convolution is applied to the colour embeddings instead of to their maps,
which is the same sum without a hundred maps at full size; the encoder's last norm, which nothing reads, is absent;
where a batch has a single value a channel (one picture of 32×32 pixels), batch norm uses its running statistics, for
one value has no variance. Any multiple of 32 is a size, since the position encoding is relative to the picture.

Weights: the authors', imported; or trained by `training/recipes/ddcolor*.toml`.
"""

from engine.models.ddcolor.network import DDColor
from engine.models.ddcolor.spec import PUBLISHED_TINY, REDUCED, TINY, DDColorSpec

__all__ = ["PUBLISHED_TINY", "REDUCED", "TINY", "DDColor", "DDColorSpec"]
