"""Figures of the course: pure functions from values to a matplotlib Figure, and ``show`` for a notebook.

Importing this room imports matplotlib; no figure touches pyplot or any other global state.
"""

from coursekit.figures.computational_graph import computational_graph
from coursekit.figures.curves import curves
from coursekit.figures.gradient_report import gradient_report, verdict_report
from coursekit.figures.heat_map import heat_map
from coursekit.figures.layer_box import LayerBox, Variable, layer_box
from coursekit.figures.show import show
from coursekit.figures.verdict_grid import verdict_grid

__all__ = [
    "LayerBox",
    "Variable",
    "computational_graph",
    "curves",
    "gradient_report",
    "heat_map",
    "layer_box",
    "show",
    "verdict_grid",
    "verdict_report",
]
