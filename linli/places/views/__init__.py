"""The pages of places, for those who keep them at the desk."""
