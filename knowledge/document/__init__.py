"""Answers as documents: one model, drawn by every channel."""
