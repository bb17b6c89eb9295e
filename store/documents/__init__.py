"""What the API reads and changes of documents, batches and callbacks."""
