"""Figures of the course: pure functions from values to a matplotlib Figure, and ``show`` for a notebook.

Importing this room imports matplotlib; no figure touches pyplot or any other global state.
"""

from coursekit.figures.activation_curves import activation_curves
from coursekit.figures.computational_graph import computational_graph
from coursekit.figures.curves import curves
from coursekit.figures.decision_boundary import Plane, decision_boundary
from coursekit.figures.expression_graph import Operation, expression_graph
from coursekit.figures.gradient_noise import gradient_noise
from coursekit.figures.gradient_report import gradient_report, verdict_report
from coursekit.figures.gradient_sizes import gradient_sizes
from coursekit.figures.heat_map import heat_map
from coursekit.figures.influence_diagram import influence_diagram
from coursekit.figures.layer_box import LayerBox, Variable, layer_box
from coursekit.figures.layer_chain import layer_chain
from coursekit.figures.learning_curves import learning_curves
from coursekit.figures.linearisation import linearisation
from coursekit.figures.loss_surface import loss_surface
from coursekit.figures.matrix_product import matrix_product
from coursekit.figures.mode_cost import mode_cost
from coursekit.figures.nerve_cell import nerve_cell
from coursekit.figures.network_diagram import network_diagram
from coursekit.figures.neuron import neuron
from coursekit.figures.parameter_areas import parameter_areas
from coursekit.figures.scalar_chain import scalar_chain
from coursekit.figures.show import show
from coursekit.figures.softmax_simplex import softmax_simplex
from coursekit.figures.subgradients import subgradients
from coursekit.figures.verdict_grid import verdict_grid

__all__ = [
    "LayerBox",
    "Operation",
    "Plane",
    "Variable",
    "activation_curves",
    "computational_graph",
    "curves",
    "decision_boundary",
    "expression_graph",
    "gradient_noise",
    "gradient_report",
    "gradient_sizes",
    "heat_map",
    "influence_diagram",
    "layer_box",
    "layer_chain",
    "learning_curves",
    "linearisation",
    "loss_surface",
    "matrix_product",
    "mode_cost",
    "nerve_cell",
    "network_diagram",
    "neuron",
    "parameter_areas",
    "scalar_chain",
    "show",
    "softmax_simplex",
    "subgradients",
    "verdict_grid",
    "verdict_report",
]
