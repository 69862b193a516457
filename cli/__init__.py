"""The command line: a thin skin over the library, and the only place that prints or exits."""

# Each module adds its commands to the program.
from . import asking, checking, demonstration, documents, exporting, keeping, merging, networks, serving
from .program import diplograph, main

__all__ = [
    "asking",
    "checking",
    "demonstration",
    "diplograph",
    "documents",
    "exporting",
    "keeping",
    "main",
    "merging",
    "networks",
    "serving",
]
