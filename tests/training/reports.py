"""A report as an evaluation would give it, without evaluating."""

from training.artefacts import Artefacts
from training.hint_curve import HintRow
from training.likelihood import Likelihood
from training.metrics import PICTURE_METRICS
from training.metrics.inception import InceptionDistance
from training.report import Report
from training.scores import Row, Spread
from training.variants import four_label, offered_label


def a_row(name: str, gain: float) -> Row:
    """A row with all figures, of two sources, the second half as good."""
    figures = {metric.key: 0.9 for metric in PICTURE_METRICS}
    figures |= {"psnr": 22.0 + gain, "gain": gain, "colorfulness": 20.0 + gain, "ciede2000": 10.0 - gain}
    spread = {key: Spread(value, 0.5, -1, 3, 7) for key, value in figures.items()}
    return Row(name, figures, {"one": figures, "two": figures | {"gain": gain / 2}}, spread)


def a_way(name: str, model: str, gains: tuple[float, float]) -> HintRow:
    """A way of using hints, with none and with ten."""
    points = {count: a_row(f"{name}, {count} hints", gain) for count, gain in zip((0, 10), gains, strict=True)}
    points[10].macro["trust"] = 1.5
    figures = {"trust": 1.25, "locality": 4.75}
    wrong = Row(
        "", figures, {"one": figures}, {key: Spread(value, 0, value, value, 7) for key, value in figures.items()}
    )
    return HintRow(name, model, points, wrong)


def a_report() -> Report:
    """A report with everything in it."""
    return Report(
        command="autochrome evaluate --data there",
        settings={"half": "test", "data": ["there <1>"], "networks": {"tiny": {"side": 64}}, "side": None},
        notes=["Only 7 of 9 photos, the first of a fixed shuffle."],
        photos=7,
        left_out=["grey.jpg"],
        damaged=[],
        half="test",
        side=256,
        rows=[a_row("grey", 0.0), a_row("tiny", 1.2345), a_row("tiny ×2", -0.5), a_row("tiny even 1", 1.25)],
        models={"tiny": ("tiny", 1.0), "tiny ×2": ("tiny", 2.0)},
        metrics=PICTURE_METRICS,
        likelihood={"tiny": Likelihood(4.5678, 5.0, "reference photos", {"one": (4.5, 5.0), "two": (4.6, 5.1)})},
        stability={"tiny": {"0.5x": 0.5, "2x": 0.25}},
        artefacts={
            "tiny": Artefacts(checkerboard=0.0125, border=0.75, detail=None, border_detail=None, cast=(1.0, 2.0))
        },
        hints=[
            a_way("grey + propagation", "", (0.0, 3.5)),
            a_way("tiny: automatic + propagation", "tiny", (1.2345, 4.0)),
        ],
        variants=[a_row(four_label("tiny"), 2.0), a_row(offered_label("tiny"), 2.1)],
        inception={"tiny": InceptionDistance("KID", 0.012, 7)},
        looks=["tiny ×2", "tiny even 1"],
    )
