"""What stands in a string of any kind of file: language, and the codes, line breaks and markup around it."""
