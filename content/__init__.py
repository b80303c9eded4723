"""The workshop of content staff: check what they wrote, try a message, start a file, make a test of a conversation.

`python -m content` is the way in; each of its commands is a module with `add_arguments` and `run`. Uses the reader
and the guideline; knows nothing of Rasa, the actions, the channels or the service.
"""
