"""The word of a holder: I have read what this post answers for (设岗设责)."""

from django.db import models

from linli.kernel.tenancy import TenantForeignKey, TenantModel


class DutyAcknowledgement(TenantModel):
    """Somebody in the post has read its written duties, in this very wording."""

    post = TenantForeignKey("posts.Post", models.CASCADE, related_name="acknowledgements")
    account = TenantForeignKey("people.Account", models.PROTECT, related_name="+")
    wording_hash = models.CharField(max_length=64)  # changed words have to be read anew
    acknowledged_at = models.DateTimeField()

    class Meta(TenantModel.Meta):
        constraints = [
            models.UniqueConstraint(
                fields=["tenant_id", "post", "account", "wording_hash"],
                name="duty_acknowledged_once",
            )
        ]
