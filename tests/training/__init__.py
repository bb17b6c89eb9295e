"""Training with PyTorch, and an MLflow server."""
