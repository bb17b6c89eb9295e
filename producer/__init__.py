"""The front door: the command line, and documents straight onto the topic. Programs use the clients in `satzstrom`."""
