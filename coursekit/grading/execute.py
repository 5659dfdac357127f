"""nbgrader's own autograding with this package's runner: the command, and the formgrader's button."""

from pathlib import Path
from typing import Any

from nbgrader.converters import Autograde
from nbgrader.coursedir import CourseDirectory
from nbgrader.preprocessors import Execute as StockExecute

from coursekit.grading import secret
from coursekit.grading.prepare import bound_by_source, require_isolation, shipped_files
from coursekit.grading.run import Policy, run
from coursekit.grading.settings import CourseKit, limits


class Execute(StockExecute):  # type: ignore[misc]
    """A step of Autograde.autograde_preprocessors, in place of nbgrader's step of this name."""

    def preprocess(self, nb: Any, resources: dict[str, Any], km: Any = None) -> tuple[Any, dict[str, Any]]:
        """Run the notebook apart from nbgrader's process, with the files that lie beside it."""
        names = resources["nbgrader"]
        settings = CourseKit(parent=self.parent)
        require_isolation(settings)
        directory = CourseDirectory(parent=self.parent)
        kept = Autograde(coursedir=directory, parent=self.parent).exclude_overwriting.get(names["assignment"], [])
        bound = bound_by_source(directory, names["assignment"], names["notebook"])
        policy = Policy(
            **limits(settings, names["assignment"], self.timeout),
            files=_files(Path(resources["metadata"]["path"])),
            shipped=tuple(shipped_files(directory, names["assignment"], kept)),
            names=bound.listed(),
            imports=bound.imports,
            secret=secret.read(Path(directory.root)),
            judge_inside=names["assignment"] in settings.judge_inside,
            minimum_isolation=settings.minimum_isolation,
        )
        outcome = run(nb, policy)
        for remark in outcome.remarks:
            self.log.warning("%s: %s", names["notebook"], remark)
        return outcome.notebook, resources


def _files(folder: Path) -> dict[str, bytes]:
    """The ordinary files of a folder, notebooks left out."""
    paths = [path for path in folder.rglob("*") if path.is_file() and not path.is_symlink()]
    return {str(path.relative_to(folder)): path.read_bytes() for path in paths if path.suffix != ".ipynb"}
