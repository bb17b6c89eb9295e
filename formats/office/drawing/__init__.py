"""DrawingML: texts of shapes, alternative texts, charts and diagrams, alike in slides, sheets and Word documents."""
