"""The table at the head of an assignment that says how many points each exercise is worth."""

import re

from coursekit.authoring.percent import Source

NUMBER = re.compile(r"\d+(?:\.\d+)?")
TABLE_ROW = re.compile(r"^\|(.*)\|\s*$")


def validate(source: Source) -> None:
    """Raise UsageError, naming file and line, where a table with a column "points" does not add up to the cells.

    A row may name several cells, as in ``3 + 5``; a number in bold is the total.
    """
    worth = sum(cell.metadata.get("points", 0) for cell in source.notebook.cells)
    for index, cell in enumerate(source.notebook.cells):
        column: int | None = None
        points, totals, seen = 0.0, [], False
        for line in cell.source.splitlines() if cell.cell_type == "markdown" else []:
            row = TABLE_ROW.match(line)
            if row is None:
                column = None
                continue
            entries = [entry.strip() for entry in row[1].split("|")]
            if column is None:
                column = entries.index("points") if "points" in entries else -1
                seen |= column >= 0
            elif 0 <= column < len(entries):
                number = sum(map(float, NUMBER.findall(entries[column])))
                if entries[column].startswith("**"):
                    totals.append(number)
                else:
                    points += number
        if seen and (points != worth or any(total != worth for total in totals)):
            said = f"the rows of the table add up to {points:g}" + "".join(
                f", its total is {total:g}" for total in totals
            )
            raise source.error(index, f"{said}, but the cells are worth {worth:g} points")
