"""Every change of messages: telling, sending, reading, the community's own words and hours."""

from linli.messages.services.again import send_again
from linli.messages.services.hours import set_quiet_hours
from linli.messages.services.reading import (
    read_all_notices,
    read_notice,
    set_preferences,
    stop_sending,
)
from linli.messages.services.robots import RobotData, add_robot, change_robot, try_robot
from linli.messages.services.telling import Telling, tell, tell_all
from linli.messages.services.wording import (
    Wording,
    change_template,
    check_words,
    reset_template,
)

__all__ = [
    "RobotData",
    "Telling",
    "Wording",
    "add_robot",
    "change_robot",
    "change_template",
    "check_words",
    "read_all_notices",
    "read_notice",
    "reset_template",
    "send_again",
    "set_preferences",
    "set_quiet_hours",
    "stop_sending",
    "tell",
    "tell_all",
    "try_robot",
]
