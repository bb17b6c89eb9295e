"""The front door: documents are cut into parts and sent; the command line."""
