"""What the sink writes: parts and translations, and what follows for their documents."""
