"""Django's PostgreSQL backend with our schema editor and features."""

from django.db.backends.postgresql import base

from linli.kernel.db.postgresql.features import TenantFeatures
from linli.kernel.db.postgresql.schema import TenantSchemaEditor


class DatabaseWrapper(base.DatabaseWrapper):
    """PostgreSQL whose tenant tables have composite keys; Django sees an ordinary `id`."""

    SchemaEditorClass = TenantSchemaEditor
    features_class = TenantFeatures
