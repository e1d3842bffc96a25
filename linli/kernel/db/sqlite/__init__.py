"""SQLite for one community or subdistrict: Django's backend, checked once per connection."""
