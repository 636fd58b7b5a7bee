"""Executing what flowc itself has printed: the one room that does. No text of a user is ever executed."""
