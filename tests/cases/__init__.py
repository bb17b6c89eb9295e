"""What people send: small texts, and what has to hold in their translation."""
