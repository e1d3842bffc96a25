"""SQLite for one community or subdistrict: Django's backend under our name, so that options have one home."""
