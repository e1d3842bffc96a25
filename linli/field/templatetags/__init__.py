"""Tags of the field's templates."""
