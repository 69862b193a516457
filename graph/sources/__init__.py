"""Where records come from: one module for each origin, which reads its files into drafts of documents."""
