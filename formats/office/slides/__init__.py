"""Presentations of Office Open XML: PowerPoint's pptx, pptm, ppsx, potx."""
