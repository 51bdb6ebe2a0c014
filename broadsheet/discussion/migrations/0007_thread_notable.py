from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("discussion", "0006_fill_words")]

    operations = [
        migrations.AddField(model_name="thread", name="notable", field=models.PositiveIntegerField(default=0)),
    ]
