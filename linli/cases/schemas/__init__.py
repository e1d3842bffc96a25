"""What goes in and out of the API of cases."""
