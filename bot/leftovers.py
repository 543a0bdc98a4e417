"""Python's collector of cycles (쓰레기 수집): what the program is made of is looked through only once."""

import gc

_YOUNG = 10_000
"""New objects before the youngest are looked through; Python's own 700 is several times in each turn."""


def build_in_peace() -> None:
    """Look for nothing while the program is being built: there is nothing to find, and it costs a tenth."""
    gc.disable()


def rest_what_stays() -> None:
    """Leave all that was built at the start out of every later collection.

    A full one would otherwise go through all objects of the pack, the templates and the libraries, and hold
    every conversation up for a tenth of a second.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(_YOUNG, 20, 20)
    gc.enable()
