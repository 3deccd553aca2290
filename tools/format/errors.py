"""Why a package is refused, with the exit code that the format gives to it."""


class Malformed(Exception):
    """The package breaks a rule of the format."""

    exit_code = 76


class Unsupported(Exception):
    """The package may be sound, but says something that this reader does not know."""

    exit_code = 78
