"""Scores of the whole house against texts whose truth is known."""
