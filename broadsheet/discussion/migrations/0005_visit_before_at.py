from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("discussion", "0004_count_what_started")]

    operations = [
        migrations.AddField(
            model_name="visit",
            name="before_at",
            field=models.DateTimeField(blank=True, null=True),
        ),
    ]
