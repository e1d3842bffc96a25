"""The kernel as a Django app: at start it guards updates and finds every room's subscribers and tasks."""

from django.apps import AppConfig
from django.utils.module_loading import autodiscover_modules


class KernelConfig(AppConfig):
    """Start-up of the kernel."""

    name = "linli.kernel"
    label = "kernel"

    def ready(self) -> None:
        """Guard deletes and updates, and load what rooms subscribe to and run by the clock."""
        from linli.kernel import tenancy

        tenancy.guard_writes()
        autodiscover_modules("subscribers", "tasks")
