"""Put up the database's guard over decisions. `guard.py` holds it and renews it after every migration."""

from django.db import migrations

from broadsheet.moderation import guard


class Migration(migrations.Migration):
    dependencies = [("moderation", "0001_initial")]
    operations = [
        migrations.RunPython(
            lambda apps, schema_editor: guard.put_up(schema_editor.connection),
            lambda apps, schema_editor: guard.take_down(schema_editor.connection),
        )
    ]
