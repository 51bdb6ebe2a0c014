"""A rule about a score holds what it would have rejected: no model rejects a comment unseen."""

from django.db import migrations


def hold(apps, schema_editor):
    rules = apps.get_model("intake", "Rule").objects.using(schema_editor.connection.alias)
    rules.filter(kind="score", asks_for="reject").update(asks_for="hold", reason="")


class Migration(migrations.Migration):

    dependencies = [
        ('intake', '0001_rules'),
    ]

    operations = [migrations.RunPython(hold, migrations.RunPython.noop)]
