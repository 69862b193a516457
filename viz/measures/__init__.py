"""What a network of actors comes to in numbers: measures by name, of actors, of ties and of the whole."""

# Each module makes its measures known to the registry.
from . import balance, brokerage, centrality, cohesion, communities, rhythm
from .registry import MEASURES, About, Columns, Measure, measure_called, measured

__all__ = [
    "MEASURES",
    "About",
    "Columns",
    "Measure",
    "balance",
    "brokerage",
    "centrality",
    "cohesion",
    "communities",
    "measure_called",
    "measured",
    "rhythm",
]
