"""From percent scripts to notebooks: executed lectures, assignments for nbgrader, course directories."""
