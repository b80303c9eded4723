"""The guideline: YAML content, its SQLite store, the decision engine and the proof that they agree.

Knows nothing of Rasa. `content` reads and validates a folder of YAML, `store` writes and reads the
SQLite file, `decision` evaluates the table with three values, `engine` chooses the next step of a
case, `answer` builds the machine-readable side of an answer.
"""
