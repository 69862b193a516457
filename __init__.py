"""Diplograph: a knowledge graph of diplomacy in which every fact can say who says so."""
