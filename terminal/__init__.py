"""What the project's commands share: color where a person sees it, messages typed one after another, questions.

Knows nothing of the guideline, the reader or Rasa.
"""
