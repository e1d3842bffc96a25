"""The room `cases` as a Django app."""

from django.apps import AppConfig


class CasesConfig(AppConfig):
    """Start-up of the room."""

    name = "linli.cases"
    label = "cases"

    def ready(self) -> None:
        """Let refusals below /open311/ be told as that standard tells them."""
        from linli.cases.views.open311 import writing
        from linli.kernel import problems

        problems.register_dialect("/open311/", writing.refusal)
