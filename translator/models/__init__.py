"""Translation models: their folders, where they come from, and which of them a pair of languages uses."""
