"""The edge table: every fact that joins two entities as a row of columns, derived from a store and kept beside it."""
