from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("discussion", "0011_more_merit")]
    operations = [
        migrations.AddField("comment", "quotes", models.BooleanField(default=False)),
        migrations.AddField("comment", "withheld", models.JSONField(blank=True, default=list)),
        migrations.AddIndex(
            "comment",
            models.Index(condition=models.Q(("quotes", True)), fields=["thread"], name="comment_quotes"),
        ),
    ]
