"""Mistakes in counting: parameters, neurons and the work of a pass."""

from coursekit.check.bugs.catalogue.bug import Bug

COUNTING = [
    Bug(
        "biases_forgotten",
        "{name} leaves the biases out: every unit has one besides its weights.",
        (
            "Count the numbers of a single unit.",
            "A unit with D inputs has D weights and one bias.",
            "n_out * (n_in + 1) for each layer",
        ),
    ),
    Bug(
        "biases_of_inputs",
        "{name} has biases by the number of inputs: a bias belongs to a unit, not to an input.",
        (
            "Count the biases of one layer.",
            "A layer has as many biases as units.",
            "n_out * (n_in + 1) for each layer",
        ),
    ),
    Bug(
        "bias_per_layer",
        "{name} has one bias a layer: every unit has its own.",
        (
            "Count the biases of one layer.",
            "A layer has as many biases as units.",
            "n_out * (n_in + 1) for each layer",
        ),
    ),
    Bug(
        "inputs_counted",
        "{name} counts the inputs, which compute nothing.",
        (
            "Which widths do you add?",
            "A neuron computes something. The first width counts inputs.",
            "sum(sizes[1:])",
        ),
    ),
    Bug(
        "bias_units_counted",
        "{name} counts bias units, which always say 1.",
        (
            "What do you add besides the widths?",
            "A bias unit is drawn in some figures, but computes nothing.",
            "sum(sizes[1:])",
        ),
    ),
    Bug(
        "outputs_forgotten",
        "{name} leaves out the output units.",
        (
            "Which widths do you add?",
            "The output units compute something too.",
            "sum(sizes[1:])",
        ),
    ),
    Bug(
        "passes_swapped",
        "{name} has the passes of the other mode: forward takes one for each input, reverse one for each output.",
        (
            "What does one pass give: a row or a column?",
            "A JVP gives a column, one for each input. A VJP gives a row, one for each output.",
            "D products J v, or M products u^T J",
        ),
    ),
    Bug(
        "free_seed_elsewhere",
        "{name} leaves out the layer at the wrong end: the free product is the first of a pass.",
        (
            "At which end of the network does the pass start?",
            "Forward mode starts at layer 1, reverse mode at the last layer.",
            "leave out the cost of layer 1 forward, that of layer L in reverse",
        ),
    ),
    Bug(
        "seed_charged",
        "{name} counts the product with the seed, which is free here.",
        (
            "How many layers does a pass multiply with?",
            "A one-hot vector picks a row or a column, which costs nothing.",
            "a pass costs all layers but the one where it starts",
        ),
    ),
    Bug(
        "one_seed_free",
        "{name} has a free seed in one pass only: every pass has one.",
        (
            "Is the free layer left out before or after the product with the number of passes?",
            "Each pass starts with a seed of its own.",
            "passes * (sum of all layers less the first of the pass)",
        ),
    ),
]
