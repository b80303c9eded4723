"""Measures what is removed of generated messages: python -m tests.privacy."""

from __future__ import annotations

from tests.privacy.measure import measured, table

if __name__ == "__main__":
    print("\n".join(table(measured("seen"), measured("apart"))))
