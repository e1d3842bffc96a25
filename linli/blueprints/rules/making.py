"""From a file that is in order to the parts that the rooms install."""

from linli.blueprints.rules import words
from linli.blueprints.rules.blueprint import Blueprint
from linli.blueprints.rules.care import care_part
from linli.blueprints.rules.index import Index
from linli.blueprints.rules.making_places import places_part
from linli.blueprints.rules.making_posts import posts_part
from linli.blueprints.rules.opening import indicators_part, publishing_part
from linli.blueprints.rules.patrols import patrols_part
from linli.blueprints.rules.records import Item
from linli.blueprints.rules.register import people_part
from linli.blueprints.rules.whistles import clause_items, limit_items, plan_items
from linli.campaigns.blueprint import CampaignsPart, KindItem
from linli.cases.blueprint import (
    CasesPart,
    CategoryItem,
    LevelItem,
    QuestionItem,
    SettingsItem,
    TemplateItem,
)
from linli.kernel.workdays import Hours
from linli.messages.blueprint import MessagesPart, WordingItem


def make(index: Index, text: str, file_name: str) -> Blueprint:
    """Return the typed blueprint; the index comes from a file without findings."""
    root = index.root
    local = root["用语"]
    return Blueprint(
        file_name=file_name,
        text=text,
        title=root["名称"],
        note=root["说明"],
        tenant_code=root["区县"]["代号"],
        tenant_name=root["区县"]["名称"],
        hours=_hours(root["工作时间"]),
        places=places_part(index),
        posts=posts_part(index),
        messages=_messages(root),
        cases=_cases(index),
        campaigns=_campaigns(index),
        patrols=patrols_part(index),
        care=care_part(index),
        people=people_part(index),
        publishing=publishing_part(index),
        indicators=indicators_part(index),
        words={words.LOCAL[key]: local[key] for key in words.LOCAL if local and local[key]},
    )


def _hours(item: Item) -> Hours:
    whole, morning, afternoon = item["全天"], item["上午"], item["下午"]
    if whole is not None:
        return Hours(whole.starts_at, None, None, whole.ends_at)
    return Hours(morning.starts_at, morning.ends_at, afternoon.starts_at, afternoon.ends_at)


def _messages(root: Item) -> MessagesPart:
    quiet = root["免打扰"]
    return MessagesPart(
        quiet_from=quiet.starts_at if quiet else None,
        quiet_until=quiet.ends_at if quiet else None,
        wordings=tuple(
            WordingItem(
                event_name=one["事件"],
                audience=one["对象"],
                channel=one["渠道"],
                title=one["标题"],
                body=one["文字"],
                is_urgent=one["夜间也发"],
            )
            for one in root["通知用语"]
        ),
    )


def _cases(index: Index) -> CasesPart:
    root = index.root
    return CasesPart(
        levels=tuple(_level(item) for item in root["时限"]),
        categories=tuple(_category(index, item) for item in root["类别"]),
        settings=_settings(root["办理规则"]),
        templates=tuple(_template(index, item) for item in root["答复模板"]),
        whistle_limits=limit_items(index),
        whistle_plans=plan_items(index),
        clauses=clause_items(index),
    )


def _campaigns(index: Index) -> CampaignsPart:
    return CampaignsPart(
        kinds=tuple(
            KindItem(
                code=item["编号"],
                name=item["名称"],
                unit=item["单位"],
                done=item["做法"],
                icon=item["图标"],
                category_code=index.categories[item["类别"].text]["编号"] if item["类别"] else "",
            )
            for item in index.root["整治类型"]
        )
    )


def _level(item: Item) -> LevelItem:
    return LevelItem(
        code=item["编号"],
        name=item["名称"],
        respond_amount=item["答复"].amount,
        respond_unit=item["答复"].unit,
        resolve_amount=item["办结"].amount,
        resolve_unit=item["办结"].unit,
        source=item["依据"],
    )


def _category(index: Index, item: Item) -> CategoryItem:
    return CategoryItem(
        code=item["编号"],
        name=item["名称"],
        hint=item["说明"],
        icon=item["图标"],
        level_code=index.levels[item["时限"].text]["编号"],
        dispatch_mode=item["派发"],
        is_confidential=item["保密"],
        is_urgent=item["紧急"],
        danger_text=item["危险提示"],
        needs_photo=item["需要照片"],
        needs_result_photo=item["办结要照片"],
        shown_to_residents=item["居民可选"],
        shown_on_board=item["公开"],
        shown_in_snapshot=item["随手拍"],
        first_level=item["起步层级"],
        decline_rule=item["不受理依据"],
        questions=tuple(_question(one) for one in item["提问"]),
    )


def _question(item: Item) -> QuestionItem:
    answer = item["答"]
    is_list = isinstance(answer, list)
    return QuestionItem(
        code=item["编号"],
        text=item["问"],
        kind=("choices" if item["可多选"] else "choice") if is_list else answer,
        choices=tuple(answer) if is_list else (),
        is_required=item["必答"],
    )


def _settings(item: Item | None) -> SettingsItem:
    if item is None:
        return SettingsItem()
    written = {
        words.SETTINGS[key][0]: value for key, value in item.values.items() if value is not None
    }
    return SettingsItem(**written)


def _template(index: Index, item: Item) -> TemplateItem:
    category = item["类别"]
    return TemplateItem(
        title=item["标题"],
        text=item["文字"],
        category_code=index.categories[category.text]["编号"] if category else "",
        kind=item["用于"],
    )
