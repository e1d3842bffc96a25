"""Every change that blueprints make: installing a file, starting a community, the demo."""

from linli.blueprints.services.demo import install_demo, reset_demo
from linli.blueprints.services.installing import InstallReport, install, install_as_system
from linli.blueprints.services.starting import NewCommunity, StartedCommunity, start_community

__all__ = [
    "InstallReport",
    "NewCommunity",
    "StartedCommunity",
    "install",
    "install_as_system",
    "install_demo",
    "reset_demo",
    "start_community",
]
