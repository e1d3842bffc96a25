"""Every change to posts: organisations, posts, terms, substitutions, routing."""

from linli.posts.selectors.routing import register_category_source

__all__ = ["register_category_source"]
