"""Mistakes in values of the forward pass: layers, activations and softmax."""

from coursekit.check.bugs.catalogue.bug import Bug

FORWARD = [
    Bug(
        "softmax_alone",
        "{name} is 1 everywhere: each logit was divided by itself alone, not by the sum of its row.",
        (
            "Look at what stands below the line.",
            "Softmax needs all logits of a sample: one number alone always gets the probability 1.",
            "divide the exponentials of a row by their .sum(axis=1, keepdims=True)",
        ),
    ),
    Bug(
        "softmax_axis",
        "{name} sums over the samples where it has to sum over the classes.",
        (
            "Look at the axis of the sum.",
            "Each sample has a softmax of its own: the sum runs along its row.",
            "the sum is .sum(axis=1, keepdims=True)",
        ),
    ),
    Bug(
        "softmax_total",
        "{name} takes one sum over the whole batch, where each row needs its own.",
        (
            "Look at the shape of the sum.",
            "Each sample has a softmax of its own, so the sums have the shape (N, 1).",
            "the sum is .sum(axis=1, keepdims=True)",
        ),
    ),
    Bug(
        "unnormalised",
        "{name} is not divided by the sum of its row.",
        (
            "Add up a row of your result.",
            "Probabilities add up to 1, so the exponentials are divided by their sum.",
            "E / E.sum(axis=1, keepdims=True)",
        ),
    ),
    Bug(
        "bias_forgotten",
        "{name} lacks the bias.",
        (
            "Look for the argument that your result does not use.",
            "A unit adds its bias once, after the products.",
            "Z = X @ W.T + b",
        ),
    ),
    Bug(
        "bias_repeated",
        "{name} has the bias once for every input: add it once, after the sum.",
        (
            "Does the bias stand inside the loop over the inputs?",
            "The sum runs over the products only; the bias follows it.",
            "Z = X @ W.T + b",
        ),
    ),
    Bug(
        "bias_index",
        "{name} takes the bias by the number of an input: there is one for each unit.",
        (
            "Look at the index of b.",
            "b has the shape (M,), an entry for each unit m.",
            "Z[n, m] = sum over d of W[m, d] X[n, d], plus b[m]",
        ),
    ),
    Bug(
        "first_row_reused",
        "{name} uses the first row of W for every unit: unit m has row m.",
        (
            "Look at the first index of W.",
            "The row of W says which unit, the column which input.",
            "Z[n, m] = sum over d of W[m, d] X[n, d], plus b[m]",
        ),
    ),
    Bug(
        "entry_not_turned",
        "{name} has one entry of W in the place of its mirror image: use W as it is.",
        (
            "Compare W with the matrix in your product, entry by entry.",
            "Row m, column d of W leads from input d to unit m. Nothing in it has to be swapped.",
            "Z = X @ W.T + b",
        ),
    ),
    Bug(
        "output_missing",
        "{name} is the last layer before its activation.",
        (
            "Look at what happens to the last Z.",
            "The last layer has an activation of its own, which may be the identity.",
            "Y = out(Z)",
        ),
    ),
    Bug(
        "output_activation",
        "{name} has the activation of the hidden layers in the last layer.",
        (
            "Look at the last round of your loop.",
            "The hidden layers and the last one have different activations.",
            "A = act(Z) in the hidden layers, A = out(Z) in the last one, and never both",
        ),
    ),
    Bug(
        "activation_missing",
        "{name} has no activation in the hidden layers.",
        (
            "Look at what is handed to the next layer.",
            "Each hidden layer sends A = phi(Z) on, not Z.",
            "A = act(Z)",
        ),
    ),
    Bug(
        "output_everywhere",
        "{name} has the activation of the last layer in the hidden layers too.",
        (
            "Look at which activation each round of your loop takes.",
            "Only the last layer has the output activation.",
            "A = act(Z) in the hidden layers, A = out(Z) in the last one",
        ),
    ),
    Bug(
        "activation_of_input",
        "{name} applies the activation to the inputs: the first layer reads X as it is.",
        (
            "Look at what the first layer multiplies with its weights.",
            "Inputs are no units and have no activation.",
            "Z = X @ W.T + b in layer 1",
        ),
    ),
]
