"""How tests of the pages ask and read."""

from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import HttpResponse
from django.urls import reverse


def to(name: str, *args, **query) -> str:
    """Return the address of a page of places, with a query."""
    asked = "&".join(f"{key}={value}" for key, value in query.items())
    return reverse(f"places:{name}", args=args) + (f"?{asked}" if asked else "")


def text_of(answer: HttpResponse) -> str:
    """Return the page's text."""
    return answer.content.decode()


def upload(name: str, content: str | bytes) -> SimpleUploadedFile:
    """Return a file as a browser sends it."""
    return SimpleUploadedFile(name, content.encode() if isinstance(content, str) else content)
