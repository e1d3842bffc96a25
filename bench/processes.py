"""What the product's processes used, from their own accounts: CPU seconds and memory."""

import psutil


class Group:
    """The processes of the product: application and database."""

    def __init__(self, pids: list[int | None]) -> None:
        self.roots = [pid for pid in pids if pid]
        self.gone: dict[int, float] = {}

    def _all(self) -> list[psutil.Process]:
        found: dict[int, psutil.Process] = {}
        for pid in self.roots:
            root = psutil.Process(pid)
            for one in [root, *root.children(recursive=True)]:
                found[one.pid] = one
        return list(found.values())

    def cpu_seconds(self) -> float:
        """Return user and system time of all processes so far."""
        for one in self._all():
            try:
                times = one.cpu_times()
            except psutil.NoSuchProcess:
                continue
            # A backend that ended keeps what it had used when it was last seen.
            self.gone[one.pid] = times.user + times.system
        return sum(self.gone.values())

    def memory_mib(self) -> float:
        """Return the memory that belongs to these processes alone, shared pages divided (PSS)."""
        total = 0
        for one in self._all():
            try:
                total += one.memory_full_info().pss
            except psutil.NoSuchProcess:
                continue
        return total / 2**20
