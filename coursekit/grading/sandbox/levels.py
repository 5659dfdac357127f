"""How well a student's process is kept apart, from best to none."""

NAMESPACES = "namespaces"
LANDLOCK = "landlock"
LIMITS = "limits"
NONE = "none"

# What each level keeps from a student's code, in the words that reports use.
LEVELS = {
    NAMESPACES: "own view of the file system, own processes, no network, no other programs, limited resources",
    LANDLOCK: "no files but Python's and its own, no network, no other programs, limited resources",
    LIMITS: "limited resources only",
    NONE: "no isolation",
}


def at_least(level: str, minimum: str) -> bool:
    """Is a level as good as another?"""
    order = list(LEVELS)
    return order.index(level) <= order.index(minimum)
