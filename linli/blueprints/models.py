"""The tables of blueprints: what was installed, and what a tenant calls things."""

from django.db import models

from linli.kernel.tenancy import TenantModel


class Installation(TenantModel):
    """A file that was installed. Its text is the ground on which the next one is compared with what
    people changed in between; the last one counts.
    """

    file_name = models.CharField(max_length=120)
    title = models.CharField(max_length=60)
    text = models.TextField()
    installed_at = models.DateTimeField()
    installed_by = models.UUIDField(null=True)
    # Installed by `linli demo`: its accounts share one password that is printed at every start.
    is_demo = models.BooleanField(default=False)

    class Meta(TenantModel.Meta):
        indexes = [models.Index(fields=["tenant_id", "-id"], name="installation_newest")]


class Word(TenantModel):
    """What a tenant calls something: the desk a 红小楼, a grid a 微网格."""

    key = models.CharField(max_length=20)
    text = models.CharField(max_length=20)

    class Meta(TenantModel.Meta):
        constraints = [models.UniqueConstraint(fields=["tenant_id", "key"], name="word_once")]
