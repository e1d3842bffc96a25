"""The kernel as a Django app: at start it guards updates and finds every room's subscribers and tasks."""

from django.apps import AppConfig
from django.db.models.signals import post_migrate  # noqa: TID251  nothing of a room: what migrations left
from django.utils.module_loading import autodiscover_modules


class KernelConfig(AppConfig):
    """Start-up of the kernel."""

    name = "linli.kernel"
    label = "kernel"

    def ready(self) -> None:
        """Guard deletes and updates; load each room's subscribers, tasks and what it gives the field."""
        from linli.kernel import tenancy
        from linli.kernel.db.sqlite import planning

        post_migrate.connect(planning.teach, sender=self, dispatch_uid="planning")
        tenancy.guard_writes()
        autodiscover_modules("subscribers", "tasks", "field")
