"""What happens to documents, as it happens."""
