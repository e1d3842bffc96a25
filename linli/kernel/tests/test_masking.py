"""Of a person only as much is shown as is needed to recognise them."""

import pytest

from linli.kernel.masking import mask_address, mask_id_number, mask_name, mask_phone, mask_text


@pytest.mark.parametrize(
    ("phone", "shown"),
    [
        ("10012345678", "100****5678"),
        ("+86 100 1234 5678", "100****5678"),
        ("100-1234-5678", "100****5678"),
        ("0518-85521234", "0518-****1234"),
        ("(010) 65521234", "010-****1234"),
        ("05188552123", "0518-****2123"),
        ("85521234", "****1234"),
        ("12345", "12345"),
        ("", ""),
    ],
)
def test_phone(phone, shown):
    assert mask_phone(phone) == shown


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("张三", "张**"),
        ("张三丰", "张**"),
        ("欧阳小明", "欧阳**"),
        ("诸葛亮", "诸葛**"),
        ("欧阳", "欧**"),
        (" 李女士 ", "李**"),
        ("阿卜杜·热合曼", "阿**"),
        ("John Smith", "J**"),
        ("张", "张**"),
        ("", ""),
    ],
)
def test_name(name, shown):
    assert mask_name(name) == shown


def test_id_number():
    assert mask_id_number("32070019990101123X") == "320*************3X"
    assert mask_id_number("1234567") == "*******"
    assert mask_id_number("") == ""


@pytest.mark.parametrize(
    ("address", "shown"),
    [
        ("东城社区幸福小区3号楼2单元501室", "东城社区幸福小区3号楼***"),
        ("幸福小区12栋", "幸福小区12栋"),
        ("幸福小区A座1201", "幸福小区A座***"),
        ("朝阳路18号", "朝阳路***"),
        ("前进村三组25号", "前进村***"),
        ("幸福小区", "幸福小区"),
        ("", ""),
    ],
)
def test_address(address, shown):
    assert mask_address(address) == shown


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("请打10012345678找我", "请打100****5678找我"),
        ("电话100 1234 5678或100-1234-5679", "电话100****5678或100****5679"),
        ("座机0518-85521234，转8001", "座机0518-****1234，转8001"),
        ("座机051885521234", "座机0518-****1234"),
        ("电话：85521234", "电话：****1234"),
        ("手机幺三八零零零零一二三四", "手机****一二三四"),
        ("身份证32070019990101123X，谢谢", "身份证320***********X，谢谢"),
        ("卡号6222020200112230000", "卡号6222********"),
        ("微信号abc_12345，加我", "微信号****，加我"),
        ("发到mei.lin@example.com", "发到***@example.com"),
        ("苏G·12345堵住了门口", "苏G·****堵住了门口"),
        ("苏GD12345停在消防通道", "苏G·****停在消防通道"),
        ("我叫张三丰，住3号楼", "我叫张**，住3号楼"),
        ("我叫欧阳小明。", "我叫欧阳**。"),
        ("联系人：李四 10012345678", "联系人：李** 100****5678"),
        ("我是业主王建国，楼道灯坏了", "我是业主王**，楼道灯坏了"),
        ("姓名:赵六", "姓名:赵**"),
        ("王建国师傅来修过", "王**师傅来修过"),
        ("邻居孙小妹家里漏水", "邻居孙**家里漏水"),
        ("住在2单元501室", "住在2单元***室"),
    ],
)
def test_text(text, shown):
    assert mask_text(text) == shown
    assert mask_text(shown) == shown  # what is masked stays as it is


@pytest.mark.parametrize(
    "text",
    [
        "我是这里的居民，路灯坏了三天",
        "3号楼2单元门口的垃圾桶满了，已经5天没人收",
        "2026-11-22 18:30 还在施工，12345打过",
        "物业王师傅来过，李女士也看见了",
        "电动车停在楼道里，晚上11点以后充电",
        "编号DC26111042",
        "水费单127.50元，户号0012",
        "高层住户反映电梯故障",
    ],
)
def test_text_without_anybody_in_it_stays_as_it_is(text):
    assert mask_text(text) == text
