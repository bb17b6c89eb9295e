"""Keys, what they use and what they own besides documents."""
