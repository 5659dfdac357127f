"""Mistakes that any function can make, whatever it computes: in how it keeps, changes and stores its arrays."""

from coursekit.check.bugs.catalogue.bug import Bug

CALLS = [
    Bug(
        "accumulated",
        "A second call returns twice the first: gradients of the call before are still in the arrays.",
        (
            "Look for arrays that live longer than one call.",
            "Every call starts from zero gradients.",
            "make new arrays inside the function, or fill them with 0 first",
        ),
    ),
    Bug(
        "not_repeatable",
        "Two calls with the same arguments return different gradients.",
        (
            "Look for random numbers or for state that survives a call.",
            "Loss and gradient must come from the same forward pass, with the same dropout mask if there is one.",
            "draw the mask once, in the forward pass, and hand it to the backward pass",
        ),
    ),
    Bug(
        "mutated",
        "An argument is changed by your function.",
        (
            "Look for `+=`, `*=` or `[...] =` on an argument.",
            "In-place operators write into the caller's array.",
            "work on a copy, or write dZ = dA * d instead of dA *= d",
        ),
    ),
    Bug(
        "rounded",
        "{name} is rounded too far: it holds whole numbers or fewer digits than float32 has.",
        (
            "Look for integer arrays and for round or astype.",
            "An array made from integers stays one, and what is stored in it loses its decimals.",
            "np.zeros(W.shape) or np.zeros_like(W, dtype=float)",
        ),
    ),
]
