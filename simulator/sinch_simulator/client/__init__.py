"""The client of a simulator's own control API: one set of words, over HTTP or straight into this process."""
