"""Pages of a PDF: what stands where on them, and the paragraphs that it makes up."""
