"""Documents of Word: docx, docm and templates."""
