"""Documents as people have them: what in a file is translated, and the same file with its translation.

Nothing here opens files, addresses or threads. `table` knows the kinds; `document` says what each can do.
"""
