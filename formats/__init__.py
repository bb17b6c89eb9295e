"""Documents as people have them: what in a file is translated, and the same file with its translation.

Nothing here opens files, addresses or threads. `table` knows the kinds; `document` says what each can do. The readers are in
`text`, `office`, `web`, `epub` and `pdf`; what they are made of in `archives`, `xml`, `strings` and `markup`.
"""
