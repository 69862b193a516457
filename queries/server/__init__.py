"""The HTTP service: SPARQL Protocol, Graph Store Protocol, Linked Data and named questions over a pool of workers."""

from .application import application
from .running import serve
from .settings import Settings

__all__ = ["Settings", "application", "serve"]
