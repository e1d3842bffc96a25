"""What stands on a campaign's list: dumps, dead cars, stalls, vegetable plots, as a blueprint names them."""

from django.db import models

from linli.kernel.tenancy import TenantModel


class Kind(TenantModel):
    """A kind of entry: how it is counted, and which category a case of it has."""

    code = models.CharField(max_length=40)  # stable within the tenant; blueprints name it
    name = models.CharField(max_length=20)  # 乱堆乱放
    unit = models.CharField(max_length=4, default="处")  # 处, 辆
    done = models.CharField(max_length=20, default="清理")  # what was done: 清理, 清除, 拆除
    icon = models.CharField(max_length=30, default="circle-alert")
    category_code = models.CharField(max_length=40, default="", blank=True)  # of a case of it
    order = models.PositiveSmallIntegerField(default=100)
    ended_at = models.DateTimeField(null=True)

    class Meta(TenantModel.Meta):
        constraints = [
            models.UniqueConstraint(fields=["tenant_id", "code"], name="campaign_kind_code")
        ]

    def __str__(self) -> str:
        return self.name
