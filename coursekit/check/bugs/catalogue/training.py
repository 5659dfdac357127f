"""Mistakes in training: scaling, batches, updates, dropout, the penalty and when to stop."""

from coursekit.check.bugs.catalogue.bug import Bug

TRAINING = [
    Bug(
        "own_statistics",
        "{name} uses its own mean and standard deviation, not those of the training data.",
        (
            "Of which array do you take the mean?",
            "The network must see one world: the shift and the factor of the training data hold for all data.",
            "(X - X_train.mean(axis=0)) / X_train.std(axis=0)",
        ),
    ),
    Bug(
        "one_mean_for_all",
        "{name} uses one mean for the whole array: every column has its own.",
        (
            "Look at the shape of the mean.",
            "A column is one input, with a mean and a spread of its own.",
            "X_train.mean(axis=0)",
        ),
    ),
    Bug(
        "variance_for_deviation",
        "{name} is divided by the variance, not by its square root.",
        (
            "In which unit is your factor measured?",
            "The standard deviation is the square root of the variance.",
            "X_train.std(axis=0)",
        ),
    ),
    Bug(
        "sample_deviation",
        "{name} divides by N - 1 inside the standard deviation.",
        (
            "Look at ddof.",
            "Here the squares are divided by N.",
            "X_train.std(axis=0)",
        ),
    ),
    Bug(
        "not_centred",
        "{name} is not centred: the mean is not subtracted.",
        (
            "What is the mean of a column of your result?",
            "Shift first, then scale.",
            "(X - mean) / deviation",
        ),
    ),
    Bug(
        "not_scaled",
        "{name} is not scaled: the division by the standard deviation is missing.",
        (
            "What is the spread of a column of your result?",
            "Shift first, then scale.",
            "(X - mean) / deviation",
        ),
    ),
    Bug(
        "samples_missed",
        "{name} is not 1 throughout: some samples are in no batch.",
        (
            "How many samples are in your batches together?",
            "The last batch takes what is left and may be shorter.",
            "ceil(N / B) batches: for start in range(0, N, B)",
        ),
    ),
    Bug(
        "with_replacement",
        "{name} is not 1 throughout: some samples come more than once and others never.",
        (
            "How are the numbers of the samples drawn?",
            "A sweep over a random order meets every sample once.",
            "rng.permutation(N), then slices of it",
        ),
    ),
    Bug(
        "not_shuffled",
        "{name} are not in random order.",
        (
            "Where do you draw random numbers?",
            "The samples themselves are put in random order, not the batches.",
            "order = rng.permutation(N)",
        ),
    ),
    Bug(
        "shuffled_once",
        "{name} come in the order of the epoch before.",
        (
            "Where does your random generator come from?",
            "Every epoch draws a fresh order from the rng that it is given.",
            "order = rng.permutation(N), in every call",
        ),
    ),
    Bug(
        "same_batch",
        "{name} comes from updates that all used the first batch.",
        (
            "Where is the batch chosen: inside or outside the loop over the updates?",
            "Every update takes the next batch.",
            "for batch in batches: X, T = data[0][batch], data[1][batch]",
        ),
    ),
    Bug(
        "all_samples",
        "{name} comes from updates that used all samples.",
        (
            "Which rows of X does an update see?",
            "An update sees the rows of its batch only.",
            "X, T = data[0][batch], data[1][batch]",
        ),
    ),
    Bug(
        "one_update",
        "{name} comes from one update only, with the mean of all gradients.",
        (
            "Does the update stand inside the loop over the batches?",
            "Every batch has an update of its own, and the next batch starts from the new parameters.",
            "inside the loop: gradients of the batch, then W = W - lr * dW",
        ),
    ),
    Bug(
        "old_gradients",
        "{name} comes from gradients that were all taken before the first update.",
        (
            "Which parameters does the second batch see?",
            "The next batch starts from the new parameters.",
            "inside the loop: forward with the new W, gradients, update",
        ),
    ),
    Bug(
        "not_carried_on",
        "{name} comes from the last batch alone: every batch started from the old parameters again.",
        (
            "Which parameters does the second batch see?",
            "What an update changes stays changed.",
            "W = W - lr * dW, with the same W in the next round",
        ),
    ),
    Bug(
        "first_batch_only",
        "{name} comes from the first batch alone.",
        (
            "Does your loop end too soon?",
            "An epoch runs over all batches.",
            "`return` stands after the loop, not in it",
        ),
    ),
    Bug(
        "last_batch_missed",
        "{name} lacks the update of the last batch.",
        (
            "Over which batches does your loop run?",
            "The last batch counts, even where it is shorter.",
            "for batch in batches",
        ),
    ),
    Bug(
        "update_per_sample",
        "{name} comes from an update after every sample: first the whole batch, then one update.",
        (
            "Does the update stand inside a loop over samples?",
            "The gradients of a batch are added up and divided by its size, then comes one update.",
            "dW = dZ.T @ X over the rows of the batch, then W = W - lr * dW",
        ),
    ),
    Bug(
        "loss_of_last_batch",
        "{name} is the loss of the last batch alone.",
        (
            "What happens to the losses of the other batches?",
            "The mean takes every batch once.",
            "losses.append(loss) in the loop, np.mean(losses) after it",
        ),
    ),
    Bug(
        "losses_weighted",
        "{name} weights the batches by their sizes: here each counts once.",
        (
            "What do you divide the sum of the losses by?",
            "The mean is over updates, so a short batch counts as much as a long one.",
            "np.mean(losses)",
        ),
    ),
    Bug(
        "lambda_missing",
        "{name} lacks the factor lambda.",
        (
            "Look for the argument that your result does not use.",
            "The penalty is lambda times the sum of squares, so its gradient has lambda too.",
            "2 * lam * W",
        ),
    ),
    Bug(
        "mask_reversed",
        "{name} comes from a reversed mask: p is the share of the dropped, and the mask is 1 where a unit is kept.",
        (
            "What share of your mask is 1?",
            "A unit is kept with the probability 1 - p.",
            "mask = rng.random(A.shape) >= p",
        ),
    ),
    Bug(
        "dropout_unscaled",
        "{name} lacks the factor 1 / (1 - p).",
        (
            "Compare the mean of your result with that of A.",
            "What is kept has to grow, so that the mean stays what it was.",
            "A * mask / (1 - p)",
        ),
    ),
    Bug(
        "dropout_scaled_down",
        "{name} is multiplied by 1 - p, but has to be divided by it.",
        (
            "Compare the mean of your result with that of A.",
            "What is kept has to grow, so that the mean stays what it was.",
            "A * mask / (1 - p)",
        ),
    ),
    Bug(
        "dropout_scaled_by_p",
        "{name} is divided by p, the share of what is dropped, not by 1 - p.",
        (
            "Compare the mean of your result with that of A.",
            "The share that is kept is 1 - p.",
            "A * mask / (1 - p)",
        ),
    ),
    Bug(
        "dropout_in_evaluation",
        "{name} has units dropped or scaled in evaluation, where nothing happens.",
        (
            "What does your function do where train is False?",
            "Dropout is for training only. In evaluation every unit is kept and none is scaled.",
            "if not train: return A, np.ones(A.shape)",
        ),
    ),
    Bug(
        "units_alike",
        "{name} has units that start alike, and they would stay alike for ever.",
        (
            "How many different rows has your matrix?",
            "Equal units get equal gradients, so each needs random weights of its own.",
            "rng.normal(size=(n_out, n_in)), one draw for every entry",
        ),
    ),
    Bug(
        "own_generator",
        "{name} does not come from the rng that was given.",
        (
            "Where do your random numbers come from?",
            "The caller's rng makes a run repeatable, and it moves on with every draw.",
            "rng.normal(...), rng.random(...), rng.permutation(...)",
        ),
    ),
    Bug(
        "one_late",
        "{name} is one too late: stop as soon as the misses in a row reach the patience.",
        (
            "Is it > or >= in your comparison?",
            "With patience 2 the second miss in a row stops.",
            "return misses >= patience",
        ),
    ),
    Bug(
        "one_early",
        "{name} is one too early.",
        (
            "Where does your count of misses begin?",
            "The epoch that improves is no miss; the first one always improves.",
            "misses = 0 at every improvement",
        ),
    ),
    Bug(
        "equal_improves",
        "{name} comes from taking an equal loss for an improvement.",
        (
            "Is it < or <= in your comparison?",
            "Better means strictly smaller.",
            "if v < lowest",
        ),
    ),
    Bug(
        "misses_in_total",
        "{name} comes from counting all misses: an improvement sets their number back to 0.",
        (
            "What happens to the count of misses at an improvement?",
            "Only misses in a row count.",
            "misses = 0 at every improvement",
        ),
    ),
    Bug(
        "compared_with_previous",
        "{name} comes from comparing with the epoch before, not with the best loss so far.",
        (
            "Which loss do you keep for the comparison?",
            "Keep the lowest, and replace it only by a lower one.",
            "if v < lowest: lowest = v",
        ),
    ),
]
