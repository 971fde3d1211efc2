"""ColTran: colours sampled pixel by pixel at a small size, then refined in depth and in size.

Paper: M. Kumar, D. Weissenborn, N. Kalchbrenner, "Colorization Transformer", ICLR 2021, with its public code
(google-research/coltran) where the paper is brief. Axial attention: Ho et al., "Axial Attention in Multidimensional
Transformers", 2019. Three stages, each with parameters of its own:

- `colorizer`: 64×64 pixels, each one of 512 colours (3 bits a channel), one after the other as one reads; and beside
  it, from the same encoding of the grey picture, a linear head that guesses all pixels at once (auxiliary).
- `upsamplers`: the 512 colours to 8 bits a channel at 64×64, in parallel; then 64×64, enlarged by area, to 256×256.

A photo's way: `encode` turns lightness into grey values, the mean over each of the 64×64 cells, and encodes these;
`decode` samples. Whatever the photo's shape, it is squeezed into the square sides and the colours are stretched back:
L* of any H×W goes in, and the sampled picture's a* and b* come out bilinearly at H×W; its lightness is dropped.

Training is on the likelihood (`own_losses`): (1−λ)·log p_c + λ·log p_ec + log p_up_colour + log p_up_space, negated, as
nats per pixel and channel (a coarse colour has three channels). λ is 0.01, as in the public code. While training, an
upsampler sees one channel of each photo, drawn with torch's global generator as dropout is; otherwise all three.

Differs from the public code:

- Conditional scales are written 1 + s and start at s = 0, so an untrained layer is a plain transformer layer.
- The conditional layer norm pools the grey encoding over the whole picture in sampling as in training (the public
  sampler pools each row alone).
- Sampling runs each row of the outer decoder once and each pixel of the inner decoder once, on cached keys and values;
  the public sampler recomputes both from the start.
- Grey is the display value of L* with no colour, not a luma of the true picture, for L* is all that a photo offers.
- The noise of sampling comes from a seed in the spec and is the same for each photo of a batch, so that a photo's
  colours depend neither on the batch nor on the device. Temperature 0 takes the most likely colour; the paper samples
  the first stage at 1 and takes the most likely value in the other two, as here.

Weights: the published ones are of another framework and are not imported; trained by `training/recipes/coltran.toml`.
"""

from engine.models.coltran.network import ColTran
from engine.models.coltran.spec import ColTranSpec

__all__ = ["ColTran", "ColTranSpec"]
