"""How well a student's process is kept apart, from best to none."""

NAMESPACES = "namespaces"
LANDLOCK = "landlock"
LIMITS = "limits"
NONE = "none"

# What students' code runs with at each level, in the words that reports use.
LEVELS = {
    NAMESPACES: "a file system, processes and a network of their own, and limits",
    LANDLOCK: "no files but Python's and their own, no network, and limits",
    LIMITS: "limits alone",
    NONE: "no isolation",
}


def at_least(level: str, minimum: str) -> bool:
    """Is a level as good as another?"""
    order = list(LEVELS)
    return order.index(level) <= order.index(minimum)
