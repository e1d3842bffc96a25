"""The ways out of the house: text messages, mail, group robots. Each speaks a real protocol.

A channel without configuration is recorded and not sent (`Receipt.is_sent` false). `fake.py` is the
other side of the same protocols; the tests hold client and fake to the same contract.
"""

from linli.messages.adapters import mail, robots, sms
from linli.messages.adapters.outcome import Letter, Receipt, Refused, Unreachable
from linli.messages.adapters.safety import check_address

__all__ = ["Letter", "Receipt", "Refused", "Unreachable", "carry", "check_address"]

_CARRIERS = {"sms": sms.send, "mail": mail.send, "robot": robots.send}


def carry(letter: Letter) -> Receipt:
    """Bring a letter to its address, with time-outs.

    Errors: Refused when it will never be taken, Unreachable when it may be taken later.
    """
    return _CARRIERS[letter.channel](letter)
