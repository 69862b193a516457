"""Worker processes: each answers tasks from a read-only view of a store, under limits that hold."""

from .limited import limited
from .limits import Limits
from .pool import Workers
from .run import Run
from .task import Task

__all__ = ["Limits", "Run", "Task", "Workers", "limited"]
