"""The words that a blueprint may use, and what each stands for in the product."""

from collections.abc import Mapping
from typing import Final

Words = Mapping[str, str]

LEVELS: Final[Words] = {
    "网格": "grid",
    "小区": "estate",
    "社区": "community",
    "街道": "subdistrict",
    "区县": "district",
}
LADDER: Final = tuple(LEVELS.values())

EACH: Final[Words] = {
    "网格": "grid",
    "微社区": "micro",
    "社区": "community",
    "街道": "subdistrict",
    "小区": "estate",
    "楼栋": "building",
}

ESTATES: Final[Words] = {
    "有物业": "company",
    "社区托管": "community",
    "单体楼": "standalone",
    "自治": "self_run",
}

ORGANISATIONS: Final[Words] = {
    "社区": "community",
    "物业公司": "property",
    "职能部门": "department",
    "业主委员会": "committee",
    "街道": "subdistrict",
    "区县": "district",
    "服务队": "team",
}

ROLES: Final[Words] = {
    "网格员": "grid_worker",
    "楼栋长": "building_head",
    "受理台": "desk",
    "负责人": "lead",
    "物业": "property",
    "部门": "department",
    "调解员": "mediator",
    "街道": "subdistrict",
    "区县": "district",
    "流动网格员": "roaming",
    "系统管理员": "system_admin",
    "安全管理员": "security_admin",
    "审计员": "audit_admin",
}

DUTIES: Final[Words] = {
    "看工单": "cases.view",
    "登记": "cases.enter",
    "派单": "cases.dispatch",
    "办理": "cases.handle",
    "吹哨": "cases.whistle",
    "裁定退单": "cases.arbitrate",
    "批准挂起": "cases.approve",
    "督办": "cases.supervise",
    "核实离线记录": "field.quarantine",
    "回访": "cases.follow_up",
    "办保密件": "cases.confidential",
    "改类别时限": "cases.configure",
    "管岗位": "posts.manage",
    "排班": "posts.roster",
    "管地方": "places.manage",
    "划网格": "places.plan",
    "看联系方式": "people.reveal",
    "管账号": "people.manage",
    "登记居民": "people.register",
    "看敏感标签": "people.sensitive",
    "管通知": "messages.manage",
    "管日历": "kernel.calendar",
    "管对接": "clients.manage",
    "管目标": "indicators.configure",
    "写公开": "publishing.write",
    "发布公开": "publishing.release",
    "走访": "care.visit",
    "看关怀": "care.view",
    "管关怀": "care.manage",
    "巡查": "patrols.walk",
    "看巡查": "patrols.view",
    "管巡查": "patrols.manage",
    "参加整治": "campaigns.work",
    "看整治": "campaigns.view",
    "管整治": "campaigns.manage",
    "查审计": "kernel.audit",
    "管安全": "kernel.security",
    "管运行": "kernel.operate",
}

DISPATCH: Final[Words] = {
    "受理台派发": "desk",
    "直接派发": "assign",
    "抢单": "pool",
    "轮流": "rotate",
}

ANSWERS: Final[Words] = {"文字": "text", "数字": "number", "是或否": "yes_no"}

TEMPLATES: Final[Words] = {"答复": "answer", "办结": "result", "不予受理": "decline"}

AUDIENCES: Final[Words] = {
    "反映人": "reporter",
    "承办人": "handler",
    "受理台": "desk",
    "负责人": "lead",
}
CHANNELS: Final[Words] = {"站内": "page", "短信": "sms", "邮件": "mail", "群机器人": "robot"}

# What a community calls things: our key behind the word that heads it in the file.
LOCAL: Final[Words] = {
    "社区": "community",
    "上报": "report",
    "受理台": "desk",
    "网格": "grid",
    "网格员": "grid_worker",
    "楼栋长": "building_head",
}

# The numbers of the loop: the name in CaseSettings, the least and the most.
SETTINGS: Final[Mapping[str, tuple[str, int, int]]] = {
    "不评价几天后归档": ("silence_days", 1, 90),
    "用掉百分之几算临期": ("amber_percent", 10, 95),
    "超时几小时后上报": ("escalate_after_hours", 1, 720),
    "两次催办隔几小时": ("urge_pause_hours", 1, 168),
    "归档后几天内可重办": ("reopen_days", 1, 365),
    "查重往前看几天": ("nearby_days", 1, 365),
    "查重看多少米内": ("nearby_metres", 10, 5000),
    "批量操作几分钟内可撤": ("undo_minutes", 1, 120),
    "每周回访百分之几": ("followup_percent", 0, 100),
    "每周至少回访几件": ("followup_least", 0, 200),
    "打几次没接通记为未接通": ("followup_attempts", 1, 9),
}
