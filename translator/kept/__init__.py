"""What a model must not touch: found in a sentence, left out or named in it, and put back where it belongs."""
