"""What the product knows on its first day: residents' sentences that nobody learnt from."""

from pathlib import Path

import pytest
import yaml

from linli.kernel.errors import BadInput
from linli.kernel.phrases import digest_of, read_phrases, spoken
from linli.kernel.textmodel import TextModel

DATA = Path(__file__).parents[1] / "data"
BLUEPRINTS = Path(__file__).parents[2] / "blueprints" / "data"
SENTENCES = {
    "lighting": ["我们单元三楼的灯坏了一个礼拜，上楼看不清台阶", "小广场那排路灯昨晚又没亮"],
    "trash": ["楼下垃圾桶已经溢出来了，苍蝇乱飞", "装修剩下的砖渣袋子一直没人拉走"],
    "corridor": ["四楼邻居把旧柜子和纸箱全堆在楼梯口，走都走不过去", "过道里堆了好多杂物"],
    "plumbing": ["厨房下水堵了，脏水往上冒", "楼上卫生间漏水，把我家天花板泡了"],
    "repair": ["单元门锁坏了关不严", "小区健身器材的踏板断了一边"],
    "parking": ["有辆车停在门口把路堵死了，电话打不通", "一辆破面包车停了半年没动，占着车位"],
    "fire": ["消防栓柜子里的水带不见了", "消防通道被车堵着，万一着火怎么办"],
    "charging": ["楼下充电桩扫码没反应，充不上电", "有人从窗户拉线下来给电瓶车充电"],
    "greening": ["草坪都枯了没人浇水", "门口那棵大树枝条伸到我家窗户了，请修剪"],
    "illegal": ["顶楼有人在搭彩钢棚", "一楼住户砌墙圈了个院子"],
    "vendor": ["烧烤摊摆到人行道上，没法走路", "早点铺占道，出门都困难"],
    "noise": ["晚上十一点还在放音响唱歌，孩子没法睡", "楼上周末装修，电钻响个不停"],
    "pets": ["有人遛大狗不拴绳子，把孩子吓哭了", "草地上都是狗屎"],
    "property": ["物业费又涨了，也没公示怎么算的", "保安晚上在岗亭睡觉，谁都能进"],
    "elevator": ["二号电梯停了三天，老人没法下楼", "电梯关门的时候会抖，声音很怪"],
    "heating": ["暖气片摸着是凉的，屋里才十五度", "供暖好几天了我家还不热"],
    "snow": ["台阶上全是冰，早上差点滑倒", "雪下完两天了也没人来清"],
    "road": ["门口的路塌了一个坑，骑车很危险", "路上井盖一压就响，好像要断"],
    "gas": ["家里燃气压力太小，火打不着", "又停电了，一个礼拜第三次"],
    "slope": ["屋后的挡墙裂了一条大缝", "雨水沟被泥堵住，水漫到院子里"],
    "hazard": ["楼上有人往下扔啤酒瓶", "外墙的瓷砖掉下来一块，差点砸到人"],
    "renovation": ["旧小区改造什么时候轮到我们楼", "想问加装电梯怎么报名"],
    "window": ["我想办低保，需要什么材料", "居住证到期了在哪里续"],
    "proxy": ["我腿脚不好，能不能帮我代办医保报销", "请楼栋长帮老人代办年审"],
    "dispute": ["隔壁因为过道的事天天骂我，想找人调解", "兄弟几个为了赡养老人吵起来了"],
    "help": ["我妈瘫痪在床，想请人帮忙送药", "家里就老人一个，需要人陪着去医院"],
    "elder": ["爷爷一个人住，想有人上门看看", "想给老人订餐，怎么报名"],
    "wish": ["孩子想要一个新书包", "外卖小哥想有个歇脚喝水的地方"],
    "suggestion": ["建议在空地上建个小花园", "能不能多办点文化活动"],
    "other": ["想打听一下社区上班时间", "建议社区多组织活动"],
    "covenant": ["总有人在电梯里抽烟，请劝一劝", "楼上晾衣服滴水滴到我被子上，提醒一下"],
}


@pytest.fixture(scope="module")
def model() -> TextModel:
    return TextModel((DATA / "starter.model").read_bytes())


@pytest.mark.parametrize("blueprint", sorted(BLUEPRINTS.glob("*.yaml")), ids=lambda path: path.stem)
def test_sentences_are_understood_in_every_community(model, blueprint):
    content = yaml.safe_load(blueprint.read_text(encoding="utf-8"))
    codes = [category["编号"] for category in content["类别"]]
    asked = [(text, code) for code in codes for text in SENTENCES.get(code, ())]
    ranked = [([g.label for g in model.rank(text, among=codes)], code) for text, code in asked]
    first = sum(labels[0] == code for labels, code in ranked)
    third = sum(code in labels[:3] for labels, code in ranked)
    assert first >= 0.85 * len(asked), [
        (t, r[0][0]) for (t, c), r in zip(asked, ranked, strict=True) if r[0][0] != c
    ]
    assert third >= 0.95 * len(asked)


def test_every_category_of_the_blueprints_is_known(model):
    codes = {
        category["编号"]
        for path in BLUEPRINTS.glob("*.yaml")
        for category in yaml.safe_load(path.read_text(encoding="utf-8"))["类别"]
    }
    assert codes <= set(model.labels)
    assert codes <= SENTENCES.keys()


@pytest.mark.parametrize(
    "text",
    ["你好", "123", "今天天气真好，股票又涨了", "转发抽奖，点开链接领手机", "asdf qwer", "……"],
)
def test_what_is_about_nothing_is_left_to_people(model, text):
    assert model.rank(text)[0].chance < model.sure_from


def test_the_starter_is_made_of_these_phrases(model):
    # After a change of the phrases: make starter.
    assert model.about["note"] == digest_of(DATA / "phrases.yaml")
    assert len((DATA / "starter.model").read_bytes()) < 1_500_000


def test_phrases_are_many_and_the_same_each_time():
    examples = read_phrases(DATA / "phrases.yaml")
    assert examples == read_phrases(DATA / "phrases.yaml")
    counts = {}
    for one in examples:
        for label in (one.label, *one.also):
            counts[label] = counts.get(label, 0) + 1
    assert min(counts.values()) >= 60
    assert len({one.text for one in examples}) > 5_000


def test_each_choice_of_a_phrase_is_spoken():
    texts = spoken("[路灯|楼道灯][不亮|坏了]")
    assert len(texts) == len(set(texts))
    for word in ("路灯不亮", "路灯坏了", "楼道灯不亮", "楼道灯坏了"):
        assert any(word in text for text in texts)


@pytest.mark.parametrize(
    "content", ["类: 1", "- 话: [甲]", "- 类: [a]", "- 类: []\n  话: [甲]", "- 1"]
)
def test_a_file_of_another_shape_is_refused(tmp_path, content):
    path = tmp_path / "a.yaml"
    path.write_text(content)
    with pytest.raises(BadInput):
        read_phrases(path)
