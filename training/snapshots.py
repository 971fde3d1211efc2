"""Snapshots of a stage, of which the best by measure is kept."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping

    from torch import Tensor

    from training.recipe import StageRecipe


def score(stage: StageRecipe, measured: Mapping[str, float]) -> float:
    """How good a snapshot is: its gain over grey in dB + the stage's `choose_chroma` × its share of the true chroma.

    More chroma than the truth has counts no more than the truth's. The gain alone would choose the network before it
    dares any colour, the chroma alone the one after it has lost all care: between them lies NoGAN's inflection.
    """
    return measured["gain_db"] + stage.choose_chroma * min(measured["chroma_share"], 1.0)


@dataclass(slots=True)
class Best:
    """The best snapshot of the present stage.

    Attributes:
        samples: Photos seen when it was taken; -1 before the first.
        score: Its measure.
        state: The averaged network.
    """

    samples: int = -1
    score: float = float("-inf")
    state: dict[str, Tensor] = field(default_factory=dict[str, "Tensor"])

    def consider(self, samples: int, score: float, state: Mapping[str, Tensor]) -> bool:
        """Keeps a copy of the state if it is better than what was kept; whether it was."""
        if score <= self.score:
            return False
        self.samples, self.score = samples, score
        self.state = {name: value.clone() for name, value in state.items()}
        return True

    def forget(self) -> None:
        """Begins anew, with the next stage."""
        self.samples, self.score, self.state = -1, float("-inf"), {}

    def state_dict(self) -> dict[str, Any]:
        """What a checkpoint keeps of it."""
        return {"samples": self.samples, "score": self.score, "state": self.state}

    def load_state_dict(self, state: Mapping[str, Any]) -> None:
        """Takes up what `state_dict` gave."""
        self.samples, self.score, self.state = state["samples"], state["score"], dict(state["state"])
