"""The architectures that weights can be of: listed here, in one place, by name.

To add one: write its family's file beside this one, with a frozen spec of its numbers, and add a line to
`ARCHITECTURES`.
"""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING, Any, cast

from engine.errors import BadWeightsError
from engine.models.architecture import Architecture
from engine.models.autocaconet import AutoCaCoNet, AutoCaCoNetSpec
from engine.models.cnn import CnnBaseline, CnnBaselineSpec, Dcc, DccSpec, Dlcnn, DlcnnSpec
from engine.models.colorful import ColorfulNet, ColorfulSpec, Eccv16Net, Eccv16Spec
from engine.models.coltran import ColTran, ColTranSpec
from engine.models.ddcolor import PUBLISHED_TINY, REDUCED, TINY, DDColor, DDColorSpec
from engine.models.deoldify import DeOldifyNet, DeOldifySpec
from engine.models.histogram import HistogramSpec, HistogramTransfer
from engine.models.multiscale import MultiscaleSpec, MultiscaleUNet
from engine.models.photo import LITE, PhotoNet, PhotoSpec
from engine.models.resnet_unet import ResNetUNet, ResNetUNetSpec
from engine.models.resunet import ResUNet, ResUNetSpec
from engine.models.siggraph17 import Siggraph17Net, Siggraph17Spec
from engine.models.unet import Pix2Pix, Pix2PixSpec, UNet, UNetPalette, UNetPaletteSpec, UNetSpec
from engine.models.unet_plain import UNetPlain, UNetPlainSpec
from engine.models.unet_vae import UNetVae, UNetVaeSpec
from engine.models.vgg_decoder import VggDecoder, VggDecoderSpec

if TYPE_CHECKING:
    from collections.abc import Mapping

    from engine.models.contract import Colorizer

MAX_NUMBER = 4096
"""No number of a network is larger; a card that says so would fill the memory."""
MAX_PARTS = 16
"""No list of numbers (widths, depths) is longer."""


def _photo(spec: PhotoSpec, pretrained: bool) -> Colorizer:
    return PhotoNet(spec, pretrained=pretrained)


def _ddcolor(spec: DDColorSpec, pretrained: bool) -> Colorizer:
    return DDColor(spec, pretrained=pretrained)


def _coltran(spec: ColTranSpec, _pretrained: bool) -> Colorizer:
    return ColTran(spec)


def _vgg_decoder(spec: VggDecoderSpec, _pretrained: bool) -> Colorizer:
    return VggDecoder(spec)


def _unet_plain(spec: UNetPlainSpec, _pretrained: bool) -> Colorizer:
    return UNetPlain(spec)


def _unet_vae(spec: UNetVaeSpec, _pretrained: bool) -> Colorizer:
    return UNetVae(spec)


def _histogram(spec: HistogramSpec, _pretrained: bool) -> Colorizer:
    return HistogramTransfer(spec)


def _eccv16(spec: Eccv16Spec, _pretrained: bool) -> Colorizer:
    return Eccv16Net(spec)


def _colorful(spec: ColorfulSpec, _pretrained: bool) -> Colorizer:
    return ColorfulNet(spec)


def _siggraph17(spec: Siggraph17Spec, _pretrained: bool) -> Colorizer:
    return Siggraph17Net(spec)


def _deoldify(spec: DeOldifySpec, pretrained: bool) -> Colorizer:
    return DeOldifyNet(spec, pretrained=pretrained)


ARCHITECTURES: Mapping[str, Architecture] = {
    "photo": Architecture(spec=PhotoSpec(), build=_photo, summary="Encode once; hints and palettes in the decoder."),
    "photo-lite": Architecture(spec=LITE, build=_photo, summary="`photo` at half the width, for weak machines."),
    "coltran": Architecture(
        spec=ColTranSpec(), build=_coltran, summary="Colours sampled pixel by pixel, then refined; slow."
    ),
    "ddcolor": Architecture(spec=DDColorSpec(), build=_ddcolor, summary="Two decoders on ConvNeXt-L, as published."),
    "ddcolor-t": Architecture(spec=PUBLISHED_TINY, build=_ddcolor, summary="The published small DDColor."),
    "ddcolor-tiny": Architecture(spec=TINY, build=_ddcolor, summary="DDColor with a single-scale colour decoder."),
    "ddcolor-reduced": Architecture(spec=REDUCED, build=_ddcolor, summary="DDColor cut down as far as it goes."),
    "eccv16": Architecture(spec=Eccv16Spec(), build=_eccv16, summary="Classification over ab bins, as published."),
    "colorful": Architecture(
        spec=ColorfulSpec(), build=_colorful, summary="Classification over ab bins, decoded by the annealed mean."
    ),
    "siggraph17": Architecture(spec=Siggraph17Spec(), build=_siggraph17, summary="Hints at the input, as published."),
    "deoldify": Architecture(
        spec=DeOldifySpec(), build=_deoldify, summary="Self-attention U-Net over a ResNet, in sRGB, as published."
    ),
    "vgg-decoder": Architecture(spec=VggDecoderSpec(), build=_vgg_decoder, summary="VGG16's features, decoded to ab."),
    "unet-plain": Architecture(
        spec=UNetPlainSpec(), build=_unet_plain, summary="U-Net without skips or padding: what goes wrong, and why."
    ),
    "unet-vae": Architecture(spec=UNetVaeSpec(), build=_unet_vae, summary="U-Net with a variational bottleneck."),
    "histogram": Architecture(
        spec=HistogramSpec(), build=_histogram, summary="Colours carried over from a similar photo; nothing is learned."
    ),
    "cnn-baseline": Architecture(
        spec=CnnBaselineSpec(),
        build=lambda spec, _: CnnBaseline(spec),
        summary="Four layers and twelve features: the least that learns.",
    ),
    "dlcnn": Architecture(
        spec=DlcnnSpec(), build=lambda spec, _: Dlcnn(spec), summary="A plain convolutional encoder-decoder."
    ),
    "dcc": Architecture(
        spec=DccSpec(), build=lambda spec, _: Dcc(spec), summary="An encoder-decoder for cartoon frames."
    ),
    "unet": Architecture(
        spec=UNetSpec(), build=lambda spec, _: UNet(spec), summary="A U-Net down to a global bottleneck."
    ),
    "unet-palette": Architecture(
        spec=UNetPaletteSpec(),
        build=lambda spec, _: UNetPalette(spec),
        summary="`unet` that chooses from a learned palette at its bottleneck.",
    ),
    "pix2pix": Architecture(
        spec=Pix2PixSpec(), build=lambda spec, _: Pix2Pix(spec), summary="The U-Net generator of pix2pix."
    ),
    "resnet-unet": Architecture(
        spec=ResNetUNetSpec(),
        build=lambda spec, pretrained: ResNetUNet(spec, pretrained=pretrained),
        summary="A U-Net whose way down is ResNet-18.",
    ),
    "wgan-resunet": Architecture(
        spec=ResUNetSpec(),
        build=lambda spec, _: ResUNet(spec),
        summary="A U-Net with residual blocks at its bottleneck.",
    ),
    "multiscale-attention": Architecture(
        spec=MultiscaleSpec(),
        build=lambda spec, pretrained: MultiscaleUNet(spec, pretrained=pretrained),
        summary="A U-Net that sees three scales, semantic features and itself.",
    ),
    "autocaconet": Architecture(
        spec=AutoCaCoNetSpec(),
        build=lambda spec, _: AutoCaCoNet(spec),
        summary="A U-Net with self-attention, then one colour for each region between lines.",
    ),
}


def build_network(architecture: str, numbers: Mapping[str, Any], *, pretrained: bool = False) -> Colorizer:
    """Makes a network, its weights not yet loaded.

    Args:
        architecture: A name in `ARCHITECTURES`.
        numbers: Fields of the architecture's spec; absent ones take its defaults.
        pretrained: Starts the encoder from timm's published weights (downloads them): for training only.

    Raises:
        BadWeightsError: If there is no such architecture, it has no such number, or a number is of the wrong kind or
            out of bounds.
    """
    family = ARCHITECTURES.get(architecture)
    if family is None:
        known = ", ".join(ARCHITECTURES)
        raise BadWeightsError(f'There is no architecture "{architecture}".', f"Known: {known}.")
    fields = {field.name for field in dataclasses.fields(family.spec)}
    unknown = [name for name in numbers if name not in fields]
    if unknown:
        raise BadWeightsError(f'The architecture "{architecture}" has no number called "{unknown[0]}".')
    values = {
        name: tuple(cast("list[Any]", value)) if isinstance(value, list) else value for name, value in numbers.items()
    }
    for name, value in values.items():
        if not _fits(value, getattr(family.spec, name)):
            raise BadWeightsError(f'"{name}" of the architecture "{architecture}" cannot be {value!r}.')
    try:
        return family.build(dataclasses.replace(family.spec, **values), pretrained)
    except (ValueError, TypeError, RuntimeError) as error:  # numbers that do not go together, or an unknown encoder
        reason = str(error).splitlines()[0] if str(error) else type(error).__name__
        raise BadWeightsError(f'No "{architecture}" network can be made of these numbers: {reason}.') from error


def _fits(value: Any, default: Any) -> bool:
    """Whether a number is of the kind of its default, and within bounds."""
    if isinstance(default, tuple):
        parts, defaults = cast("tuple[Any, ...]", value), cast("tuple[Any, ...]", default)
        known_length = isinstance(value, tuple) and 0 < len(parts) <= MAX_PARTS  # how many must be, the family knows
        return known_length and all(_fits(part, defaults[0]) for part in parts)
    if isinstance(default, int) and not isinstance(default, bool):
        return isinstance(value, int) and not isinstance(value, bool) and 0 < value <= MAX_NUMBER
    return type(value) is type(default)
