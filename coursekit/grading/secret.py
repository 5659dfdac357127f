"""The course's secret, from which test cells draw their hidden data; only the process that judges ever has it."""

from pathlib import Path

from coursekit.errors import UsageError

FILE = "course_secret"


def read(course: Path) -> str:
    """The secret of a course directory, empty where it has none. Raises UsageError where the file cannot be used."""
    path = course / FILE
    try:
        secret = path.read_text(encoding="ascii").strip()
    except FileNotFoundError:
        return ""
    except (OSError, ValueError) as error:
        raise UsageError(f"{path} cannot be read ({type(error).__name__}): it holds 64 hexadecimal digits") from None
    if len(secret) != 64 or not set(secret) <= set("0123456789abcdef"):
        raise UsageError(
            f"{path} must hold 64 hexadecimal digits and nothing else; without the file there is no secret"
        )
    return secret
