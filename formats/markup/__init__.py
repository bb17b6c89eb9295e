"""HTML and XML as texts that can be translated, and their translations as HTML and XML again.

`document.Markup` takes a text with tags apart; what a model should see is its `text`, and its `restore` puts everything else
back around the translation.
"""
