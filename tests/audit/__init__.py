"""Tests of audit/: nothing recorded is lost or changed unseen, and every answer can be given again."""
