"""coursekit.db, beside gradebook.db: what nbgrader has no place for.

One row for each submission that is done, written after the gradebook, so that a killed run leaves no row behind for
what it had not finished. Done means that the row's hash is that of the submission and its score that of the gradebook.
"""

import json
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

Status = Literal["graded", "needs review"]

SCHEMA = """
CREATE TABLE IF NOT EXISTS results (
    assignment   TEXT NOT NULL,
    student      TEXT NOT NULL,
    status       TEXT NOT NULL,
    reason       TEXT NOT NULL,
    content_hash TEXT NOT NULL,
    score        REAL NOT NULL,
    max_score    REAL NOT NULL,
    isolation    TEXT NOT NULL,
    seconds      TEXT NOT NULL,
    codes        TEXT NOT NULL,
    recorded_at  TEXT NOT NULL DEFAULT (strftime('%Y-%m-%dT%H:%M:%SZ', 'now')),
    PRIMARY KEY (assignment, student)
)
"""


@dataclass(frozen=True)
class Result:
    """What was recorded of one submission.

    ``score`` is the automatic one before late penalties; ``seconds`` maps stages to wall time; ``codes`` maps test
    cells to what their score blocks reported; ``reason`` is for the instructor and may be empty.
    """

    assignment: str
    student: str
    status: Status
    reason: str
    content_hash: str
    score: float
    max_score: float
    isolation: str
    seconds: dict[str, float]
    codes: dict[str, Any]


class Ledger:
    """The table of results of one course directory."""

    def __init__(self, root: Path) -> None:
        self.path = root / "coursekit.db"

    @contextmanager
    def _connection(self) -> Iterator[sqlite3.Connection]:
        with closing(sqlite3.connect(self.path, timeout=30)) as connection, connection:
            connection.row_factory = sqlite3.Row
            connection.execute(SCHEMA)
            yield connection

    def results(self, assignment: str) -> dict[str, Result]:
        """All results of an assignment, by student; empty where nothing was graded yet."""
        if not self.path.exists():
            return {}
        with self._connection() as connection:
            rows = connection.execute("SELECT * FROM results WHERE assignment = ? ORDER BY student", (assignment,))
            return {row["student"]: _from_row(row) for row in rows}

    def write(self, result: Result) -> None:
        """Write a result, in place of an earlier one of the same submission."""
        with self._connection() as connection:
            connection.execute(
                "INSERT OR REPLACE INTO results (assignment, student, status, reason, content_hash, score, max_score,"
                " isolation, seconds, codes) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
                (
                    result.assignment,
                    result.student,
                    result.status,
                    result.reason,
                    result.content_hash,
                    result.score,
                    result.max_score,
                    result.isolation,
                    json.dumps(result.seconds),
                    json.dumps(result.codes),
                ),
            )


def _from_row(row: sqlite3.Row) -> Result:
    return Result(
        assignment=row["assignment"],
        student=row["student"],
        status=row["status"],
        reason=row["reason"],
        content_hash=row["content_hash"],
        score=row["score"],
        max_score=row["max_score"],
        isolation=row["isolation"],
        seconds=json.loads(row["seconds"]),
        codes=json.loads(row["codes"]),
    )
