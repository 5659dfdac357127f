"""Mistakes in measured derivatives, in sums over paths and in Jacobians."""

from coursekit.check.bugs.catalogue.bug import Bug

JACOBIANS = [
    Bug(
        "one_sided",
        "{name} uses a point on one side only: take one step up and one step down.",
        (
            "At which points do you evaluate f?",
            "Central differences have x in the middle, which cancels the error of first order.",
            "(f(x + h e) - f(x - h e)) / (2 h)",
        ),
    ),
    Bug(
        "half_distance",
        "{name} is twice the right one: the two points are 2h apart, not h.",
        (
            "Look at what you divide by.",
            "A slope is a rise divided by the distance of its two points.",
            "(f(x + h e) - f(x - h e)) / (2 h)",
        ),
    ),
    Bug(
        "overwritten",
        "{name} holds one contribution only: the others were overwritten instead of added.",
        (
            "Look for `=` in a loop where `+=` is meant.",
            "Along a path multiply, over all paths add.",
            "start from 0, then total += one path",
        ),
    ),
    Bug(
        "paths_crossed",
        "{name} is a product of two sums: multiply along each path first, then add.",
        (
            "What do you add, and what do you multiply?",
            "A product of sums also holds products of labels from different paths.",
            "the sum over i of dl_dz[i] * dz_dx[i]",
        ),
    ),
    Bug(
        "tied_maximum",
        "{name} has the slope 1 at every maximum of a tie: together they have 1.",
        (
            "What happens where several entries are the largest?",
            "Raise all tied entries by h, and the maximum rises by h, not by h times their number.",
            "give 1 to one of them, or an equal share to each",
        ),
    ),
    Bug(
        "read_by_columns",
        "{name} reads W column after column; here it is read row after row.",
        (
            "Which weight is the second one in your order?",
            "W.ravel() is row-major: the weights of output 1 come first.",
            "row i holds x in the columns from i * D to (i + 1) * D, and 0 elsewhere",
        ),
    ),
    Bug(
        "block_repeated",
        "{name} has x in every block, but an output feels the weights of its own row only.",
        (
            "By which weights does output 1 change?",
            "Row i of the Jacobian is zero but for the weights of row i of W.",
            "row i holds x in the columns from i * D to (i + 1) * D, and 0 elsewhere",
        ),
    ),
]
