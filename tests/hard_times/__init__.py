"""Bad luck: killed processes, lost answers, full disks, silent gateways, clocks that go back."""
