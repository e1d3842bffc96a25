"""What people are told when they agree, as long as a community has not written its own words."""

from typing import Final, NamedTuple


class Words(NamedTuple):
    """What is agreed to, and what happens when it is taken back."""

    text: str
    on_withdrawal: str


VERSION: Final = "2026-1"
FIRST: Final = {
    "contact": Words(
        "您反映事情时留的姓名、电话和住址，只有处理人员能看到，用来核实和回访。",
        "以后不再打电话回访；已经办完的事里，您的电话和住址马上删掉。正在办的事请到进展页看结果。",
    ),
    "notices": Words(
        "事情有了进展，用短信或邮件告诉您。",
        "以后不再发短信和邮件，进展仍然可以在页面上查。",
    ),
    "details": Words(
        "您自愿提供的情况（例如文化程度、特长、联系人），登记下来供社区服务使用。",
        "自愿提供的各项马上删掉。法律规定要登记的（姓名、证件、住址）还会保留。",
    ),
    "care": Words(
        "关怀走访时记录您的身体状况、用药和需要，只有负责照看您的人能看到。",
        "停止关怀走访，健康方面的记录马上删掉；想恢复，随时告诉社区。",
    ),
}
