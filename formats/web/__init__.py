"""Pages of the web, and of books: HTML and XHTML, read and written in stretches so that a large one takes little room."""
