"""Puts words together as people write them."""


def answered(label: str, words: str) -> str:
    """Return what was asked and what was said to it: 灯：不亮, but 药还够几天？12."""
    return f"{label}{words}" if label.endswith(("？", "?")) else f"{label}：{words}"
