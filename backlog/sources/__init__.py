"""Where work is found: one small module per source, all behind backlog.source.Source."""
