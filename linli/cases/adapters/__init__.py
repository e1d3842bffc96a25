"""What cases ask of the outside world."""
