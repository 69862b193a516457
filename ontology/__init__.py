"""What can be said: the vocabulary, its shapes and rules, identifiers and partial dates."""
