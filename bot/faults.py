"""Saying where an error happened without repeating anybody's words."""

import traceback


def place_of(error: BaseException) -> list[str]:
    """The last lines of the program that an error passed, as `file:line function`; no message, no values."""
    frames = traceback.extract_tb(error.__traceback__)
    return [
        f"{'/'.join(frame.filename.split('/')[-2:])}:{frame.lineno} {frame.name}" for frame in frames[-8:]
    ]
