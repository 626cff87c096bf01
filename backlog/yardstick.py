"""Can the scores of two backlogs be held against each other?"""

from __future__ import annotations

from backlog.scoring import Scoring, Sizes

SAME = {
    "calibration": Sizes(),
    "execution_threshold": 0.0,
    "bands": "absolute",
    "band_edges": (0.0, 0.0, 0.0),
    "scale": "linear",
    "focus": "",
}
"""What two scorings may differ in. A threshold, a band and a scale say something about a score and do not make it; a
focus is in the weights and boosts; a calibration brings sizes closer to what work takes there, on the same scale."""


def yardstick(scoring: Scoring) -> str:
    """Equal for two scorings that give an item of the same (calibrated) size the same score."""
    return scoring.model_copy(update=SAME).digest
