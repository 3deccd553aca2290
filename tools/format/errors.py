"""Why a package is refused, with the exit code that the format gives to it."""


class Refused(Exception):
    """The package is not taken."""

    exit_code: int


class Malformed(Refused):
    """The package breaks a rule of the format."""

    exit_code = 76


class Unsupported(Refused):
    """The package may be sound, but says something that this reader does not know."""

    exit_code = 78


class Unreadable(Refused):
    """There is no such file, or it cannot be read."""

    exit_code = 66
