"""The doors (门): the home page of each audience, composed from the rooms; nothing else."""
