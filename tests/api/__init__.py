"""The API as a whole: its description, its behaviour for anything that may be sent, its examples."""
