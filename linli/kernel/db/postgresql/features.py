"""What Django may assume about PostgreSQL when the primary key is wider than it knows."""

from typing import Any

from django.db.backends.postgresql import features
from django.utils.functional import cached_property

from linli.kernel.db.keys import is_tenant


class TenantFeatures(features.DatabaseFeatures):
    """PostgreSQL's features, minus what a composite key takes away, plus whether Citus is there."""

    def allows_group_by_selected_pks_on_model(self, model: Any) -> bool:
        """Tell whether GROUP BY may name the key alone: not when `id` is only half of the key."""
        return not is_tenant(model) and super().allows_group_by_selected_pks_on_model(model)

    @cached_property
    def has_citus(self) -> bool:
        """Tell whether this database is distributed by Citus."""
        with self.connection.cursor() as cursor:
            cursor.execute("SELECT EXISTS (SELECT FROM pg_extension WHERE extname = 'citus')")
            return bool(cursor.fetchone()[0])
