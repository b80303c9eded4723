"""Reads free text: clinical findings, their assertion, and the facts of the case with the words they came from.

Knows nothing of Rasa (`component` aside) or of the guideline. `reader.ClinicalReader` is the way in.
"""
