"""Mistakes in gradients: of the loss, of each layer on the way back, and of the penalty."""

from coursekit.check.bugs.catalogue.bug import Bug

GRADIENTS = [
    Bug(
        "sign",
        "{name} has the wrong sign: every entry is minus the right one.",
        (
            "Look at the first line of the backward pass, the gradient of the loss.",
            "The loss grows with prediction - target, so its gradient is prediction minus target, not the reverse.",
            "dZ = (Y - T) / N",
        ),
    ),
    Bug(
        "factor",
        "{name} is off by a factor 2.",
        (
            "Compare the factor in front of the loss with the one in your gradient.",
            "The 2 from the derivative of the square cancels a half in front of it, and stays where there is none.",
            "half the squared error: (Y - T) / N; the squared error: 2 * (Y - T) / N",
        ),
    ),
    Bug(
        "sum_for_mean",
        "{name} is N times too large: the loss is a mean over the samples, so the factor 1/N is missing.",
        (
            "Find the line where the 1/N of the loss enters the backward pass.",
            "The gradient of a mean over N samples carries 1/N once, in the gradient of the loss.",
            "dZ = (Y - T) / N in the first line; later lines only add up",
        ),
    ),
    Bug(
        "mean_twice",
        "{name} is N times too small: the 1/N of the loss is already in what came from above, so only add here.",
        (
            "Count the divisions by N on the way from the loss to this array.",
            "The 1/N belongs to the loss. Once it is in dZ, every sum over samples is a plain sum.",
            "dW = dZ.T @ A and db = dZ.sum(axis=0), without / N",
        ),
    ),
    Bug(
        "mean_over_outputs",
        "{name} is too small by the number of outputs: the mean is over samples only, the outputs of each are added.",
        (
            "Look at what you divide the loss by: the number of samples or the number of entries.",
            "np.mean over a matrix divides by N K; this loss divides by N.",
            "loss = 0.5 * np.sum((Y - T) ** 2) / len(Y), and dY = (Y - T) / len(Y)",
        ),
    ),
    Bug(
        "target_forgotten",
        "{name} belongs to a loss without targets: the first line of the backward pass leaves T out.",
        (
            "Look at the gradient of the loss at the network's output.",
            "Both losses start with prediction minus target.",
            "dZ = (Y - T) / N; for softmax with cross-entropy dZ = (P - T) / N",
        ),
    ),
    Bug(
        "output_derivative",
        "{name} carries the derivative of an output activation that is already in or does not exist.",
        (
            "Look at the last layer.",
            "A linear last layer multiplies by 1. Softmax with cross-entropy has its Jacobian already in P - T.",
            "no factor at all at a linear output; with softmax and cross-entropy dZ = (P - T) / N",
        ),
    ),
    Bug(
        "derivative_dropped",
        "{name} lacks the derivative of the activation of {layer}: phi'(Z) has to be multiplied in there.",
        (
            "Follow the numbers through the activation of that layer.",
            "An elementwise activation multiplies what passes through it by its derivative, entry by entry.",
            "backward dZ = dA * phi'(Z); forward a change of Z, times phi'(Z), is the change of A",
        ),
    ),
    Bug(
        "derivative_at_activation",
        "{name} has the derivative of the activation of {layer} taken at A instead of Z.",
        (
            "Check what you hand to the derivative of the activation.",
            "phi' is a function of Z. Written with the output A it has another form: A (1 - A) for sigmoid.",
            "either phi'(Z), or the form in A, never phi' applied to A",
        ),
    ),
    Bug(
        "derivative_twice",
        "{name} has the derivative of the activation of {layer} in it twice.",
        (
            "Count how often the derivative of that activation is multiplied in.",
            "Between Z and A the derivative enters once; what comes out is handed on as it is.",
            "backward dZ = dA * phi'(Z), and everything further down from this dZ",
        ),
    ),
    Bug(
        "derivative_formula",
        "{name} has the derivative of another activation in {layer}.",
        (
            "Look at the formula of the derivative of that layer's activation.",
            "sigmoid: A (1 - A); tanh: 1 - A^2; ReLU: 1 where Z > 0, else 0.",
            "dZ = dA * A * (1 - A) for sigmoid, dA * (1 - A ** 2) for tanh, dA * (Z > 0) for ReLU",
        ),
    ),
    Bug(
        "derivative_of_z",
        "{name} puts Z into the formula of the derivative of {layer} that is meant for the output A.",
        (
            "Check which array stands in the formula of the derivative.",
            "A (1 - A) and 1 - A^2 are short because A is already the output of the activation.",
            "first A = sigmoid(Z) or np.tanh(Z), then dZ = dA * A * (1 - A) or dA * (1 - A ** 2)",
        ),
    ),
    Bug(
        "outer_for_elementwise",
        "{name} comes from a product of a row with a column at the activation of {layer}, where entries meet entries.",
        (
            "Look at the shapes of the two factors where the derivative is multiplied in.",
            "A row (1, M) times a column (M, 1) spreads into an M by M matrix; both have to be rows, or both columns.",
            "dZ = dA * phi'(Z), with dA and Z of one shape",
        ),
    ),
    Bug(
        "start_of_ones",
        "{name} belongs to the sum of the outputs: the backward pass starts from ones instead of the loss's gradient.",
        (
            "Look at the first line of the backward pass.",
            "What comes from above the last layer is the gradient of the loss with respect to its output.",
            "dA = (Y - T) / N for half the squared error, (P - T) / N for softmax with cross-entropy",
        ),
    ),
    Bug(
        "sample_index",
        "{name} multiplies the dZ of a sample with the activation of another sample.",
        (
            "Check the sample index of both factors.",
            "What a sample adds to dW is made of its own dZ and its own A.",
            "dW += np.outer(dZ[n], A[n]), the same n twice",
        ),
    ),
    Bug(
        "derivative_late",
        "{name} is computed before the derivative of the activation of {layer} is multiplied in.",
        (
            "Look at the order of the lines of that layer.",
            "dW and db belong to Z, so they need dZ, not dA.",
            "first dZ = dA * phi'(Z), then dW = dZ.T @ A_below and db = dZ.sum(axis=0)",
        ),
    ),
    Bug(
        "relu_mask_of_gradient",
        "{name} masks the ReLU of {layer} by the sign of the gradient instead of that of Z.",
        (
            "Look at the condition of the ReLU's mask.",
            "ReLU lets the gradient pass where its input was positive, whatever the gradient's sign.",
            "dZ = dA * (Z > 0)",
        ),
    ),
    Bug(
        "weights_transposed",
        "{name} comes from a gradient that was sent through the transpose of W of {layer}.",
        (
            "Look at the product that sends dZ of that layer down to dA.",
            "Forward Z = A W^T, so backward dA = dZ W, without a transpose. A square W hides the mistake from shapes.",
            "dA = dZ @ W",
        ),
    ),
    Bug(
        "updated_early",
        "{name} comes from weights of {layer} that had already taken their step.",
        (
            "Look for an update of W inside the backward loop.",
            "Every gradient belongs to the same parameters: first all gradients, then all updates.",
            "finish the loop over the layers, and only then W -= lr * dW",
        ),
    ),
    Bug(
        "transposed",
        "{name} has the right values in transposed places.",
        (
            "Write down the shapes of both factors of the product.",
            "dW has the shape (out, in) of W: outputs from dZ first, inputs from A second.",
            "dW = dZ.T @ A",
        ),
    ),
    Bug(
        "reshaped",
        "{name} has the right values in the wrong places: it was reshaped where a transpose is needed.",
        (
            "Look for reshape or ravel on the way to this array.",
            "reshape keeps the order of the entries in memory, so it cannot swap rows and columns.",
            "dW = dZ.T @ A has the right shape at once",
        ),
    ),
    Bug(
        "pre_activation",
        "{name} is built from Z of the layer below instead of its activation A.",
        (
            "Look at the second factor of dW.",
            "The weights of a layer multiplied A of the layer below in the forward pass, so they meet it again here.",
            "dW[l] = dZ[l].T @ A[l-1]",
        ),
    ),
    Bug(
        "wrong_layer",
        "{name} is built from the activation of its own layer instead of the one below.",
        (
            "Check the index of the activation in dW.",
            "The list of activations has one entry more than that of weights: its first is X.",
            "with A[0] = X, dW of layer l is dZ[l].T @ A[l-1]",
        ),
    ),
    Bug(
        "one_sample",
        "{name} holds one sample only: what each sample adds was overwritten instead of added up.",
        (
            "Look for `=` in a loop over samples where `+=` is meant.",
            "All samples share the weights, so their contributions add up.",
            "dW = dZ.T @ A adds over the batch; in a loop: dW += np.outer(dZ[n], A[n])",
        ),
    ),
    Bug(
        "zero",
        "{name} is zero everywhere, but the loss does change with its variable.",
        (
            "Is the array ever assigned after it is created?",
            "Every parameter that the loss depends on has a gradient.",
            "dW = dZ.T @ A, db = dZ.sum(axis=0)",
        ),
    ),
    Bug(
        "bias_mean",
        "{name} is a mean over the samples where a sum is needed: 1/N is already in dZ.",
        (
            "Look at how the samples are put together in db.",
            "The bias is added to every sample, so its gradient is the sum of dZ over the samples.",
            "db = dZ.sum(axis=0)",
        ),
    ),
    Bug(
        "penalty_missing",
        "{name} lacks the gradient of the penalty on W.",
        (
            "The loss has a second term; so has the gradient.",
            "lambda * sum of W^2 has the gradient 2 lambda W.",
            "dW += 2 * lam * W",
        ),
    ),
    Bug(
        "penalty_factor",
        "{name} has the gradient of the penalty with another factor than 2 lambda.",
        (
            "Differentiate lambda * w^2 for a single weight.",
            "The derivative of lambda w^2 is 2 lambda w, added once and not divided by N.",
            "dW += 2 * lam * W",
        ),
    ),
    Bug(
        "penalty_on_biases",
        "{name} has a penalty that belongs to the weights only.",
        (
            "Check which parameters the penalty sums over.",
            "Biases are not penalised here.",
            "add 2 * lam * W to dW and nothing to db",
        ),
    ),
    Bug(
        "penalty_l1",
        "{name} has the gradient of an absolute-value penalty, lambda sign(W), instead of that of a squared one.",
        (
            "Compare your penalty's gradient with the penalty in the loss.",
            "lambda * sum of |w| has the gradient lambda sign(w); lambda * sum of w^2 has 2 lambda w.",
            "dW += 2 * lam * W",
        ),
    ),
    Bug(
        "upstream_forgotten",
        "{name} is the derivative alone: the gradient G from above is not multiplied in.",
        (
            "Look for the argument that your result does not use.",
            "By the chain rule the derivative of a layer multiplies what comes from above.",
            "dZ = G * phi'(Z)",
        ),
    ),
    Bug(
        "forward_returned",
        "{name} holds values of the function itself, not of its derivative.",
        (
            "Look at what you return.",
            "What goes backward is the derivative, times what comes from above.",
            "an activation: dZ = G * phi'(Z); a penalty lambda w^2: 2 lambda w",
        ),
    ),
    Bug(
        "softmax_diagonal",
        "{name} uses the diagonal of the softmax Jacobian only: every probability depends on every logit of its row.",
        (
            "Write out the derivative of p_j by z_k for j different from k.",
            "J = diag(p) - p p^T is a full matrix, so each entry of dz needs the whole row of g.",
            "dZ = P * (G - (G * P).sum(axis=1, keepdims=True))",
        ),
    ),
    Bug(
        "softmax_sum_missing",
        "{name} lacks the sum over the row: softmax takes away what all classes have in common.",
        (
            "Compare your result with the formula: what is subtracted from g_k?",
            "dz_k = p_k (g_k - sum over j of g_j p_j).",
            "dZ = P * (G - (G * P).sum(axis=1, keepdims=True))",
        ),
    ),
    Bug(
        "softmax_sum_unweighted",
        "{name} subtracts the plain sum of G, but each entry has to be weighted with its probability.",
        (
            "Look at what you sum over the row.",
            "The sum over j is of g_j p_j.",
            "dZ = P * (G - (G * P).sum(axis=1, keepdims=True))",
        ),
    ),
    Bug(
        "probability_gradient",
        "{name} is the gradient with respect to the probabilities, not with respect to the logits.",
        (
            "Which variable does your formula differentiate by?",
            "Through the softmax, -T / P becomes P - T.",
            "dZ = (P - T) / N",
        ),
    ),
]
