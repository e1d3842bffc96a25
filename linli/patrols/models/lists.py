"""What to look at: lists of items, as the blueprint names them."""

from django.db import models

from linli.kernel.tenancy import TenantModel


class ItemList(TenantModel):
    """A list of items in the shape of `linli.field.selectors.items.as_plain`.

    `category_code` is the kind of case that something wrong becomes; `categories` names others for
    single items, by their code.
    """

    code = models.CharField(max_length=40)
    name = models.CharField(max_length=40)
    items = models.JSONField(default=list)
    category_code = models.CharField(max_length=40, default="", blank=True)
    categories = models.JSONField(default=dict, blank=True)
    order = models.PositiveSmallIntegerField(default=100)

    class Meta(TenantModel.Meta):
        constraints = [models.UniqueConstraint(fields=["tenant_id", "code"], name="item_list_code")]

    def __str__(self) -> str:
        return self.name
