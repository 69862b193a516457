"""Where facts live and where they come from: stores, evidence, loading, export."""
