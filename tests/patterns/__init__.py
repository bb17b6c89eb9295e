"""Every pattern of the code base, and whether any text takes it long (`python -m tests.patterns`)."""
