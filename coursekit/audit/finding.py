"""What one check of an audit found."""

from typing import NamedTuple


class Finding(NamedTuple):
    """``detail`` is a figure or two in one line; the ``faults`` are a sentence each, none if all is well."""

    check: str
    detail: str
    faults: list[str]

    @property
    def passed(self) -> bool:
        """Is there no fault?"""
        return not self.faults
