"""The class as one HTML page that is complete in itself: no script, no request, light and dark."""

from pathlib import Path

from jinja2 import Environment, PackageLoader, StrictUndefined

from coursekit.grading.report import ClassReport
from coursekit.grading.table import late


def write_page(report: ClassReport, path: Path) -> Path:
    """Write the page of results; returns its path. Everything a student wrote is escaped."""
    templates = Environment(
        loader=PackageLoader("coursekit.grading"), autoescape=True, undefined=StrictUndefined, trim_blocks=True
    )
    graded = [row for row in report.rows if row.total is not None]
    html = templates.get_template("results.html").render(
        report=report,
        graded=graded,
        mean=sum(row.total or 0.0 for row in graded) / len(graded) if graded else 0.0,
        review=[row for row in report.rows if row.status == "needs review"],
        late=late,
        shade=_shade,
        lost=_lost(report),
    )
    path.write_text(html, encoding="utf-8")
    return path


def _shade(score: float | None, most: float) -> str:
    """The class of a cell of the table: what share of its points was reached."""
    if score is None or not most:
        return "none"
    share = score / most
    return "full" if share > 0.999 else "some" if share > 0 else "zero"


def _lost(report: ClassReport) -> list[tuple[str, float, int]]:
    """For each test cell the mean share reached and how many lost points in it."""
    summary = []
    for cell in report.cells:
        scores = [score for row in report.rows if (score := row.scores.get(cell.name)) is not None]
        share = sum(scores) / (len(scores) * cell.max_score) if scores else 0.0
        summary.append((cell.title, share, sum(score < cell.max_score - 1e-9 for score in scores)))
    return summary
