"""Every change on the board: writing, handing in, releasing, sending back, withdrawing."""

from linli.publishing.services.releasing import (
    release_article,
    return_article,
    submit_article,
    withdraw_article,
    withdraw_case,
)
from linli.publishing.services.writing import ArticleSheet, prepare_case, write_article

__all__ = [
    "ArticleSheet",
    "prepare_case",
    "release_article",
    "return_article",
    "submit_article",
    "withdraw_article",
    "withdraw_case",
    "write_article",
]
