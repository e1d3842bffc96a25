"""The room `posts` as a Django app."""

from django.apps import AppConfig


class PostsConfig(AppConfig):
    """Start-up of the room."""

    name = "linli.posts"
    label = "posts"
