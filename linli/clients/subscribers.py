"""What the room tells those below it at start: whose keys act, by the names of their systems."""

from linli.clients import selectors
from linli.people import selectors as people

# The timeline, the audit trail and the log of revealed contacts name the system that acted.
people.register_names(selectors.key_names)
