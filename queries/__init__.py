"""How the graph is asked: the library of named questions, parameters, results."""
