"""How the graph is seen: networks, pages, interchange."""
