"""The pages of messages: my notices at both staff doors, the desk's log and settings."""
