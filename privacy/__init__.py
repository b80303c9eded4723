"""What points to a person: found in text and removed, and the names of conversations that say nobody's.

Knows nothing of Rasa, the reader, the guideline or the channels, so that every part may use it.
"""
