"""Findings say what they measured; conversations can be closed to replies; comments know their language."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('discussion', '0008_withdrawn_at'),
    ]

    operations = [
        migrations.AddField(
            model_name='comment',
            name='is_locked',
            field=models.BooleanField(default=False),
        ),
        migrations.AddField(
            model_name='comment',
            name='language',
            field=models.CharField(blank=True, max_length=3),
        ),
        migrations.AddField(
            model_name='flag',
            name='asks_for',
            field=models.CharField(blank=True, max_length=10),
        ),
        migrations.AddField(
            model_name='flag',
            name='minutes',
            field=models.PositiveIntegerField(default=0),
        ),
        migrations.AddField(
            model_name='flag',
            name='rule',
            field=models.CharField(blank=True, max_length=120),
        ),
        migrations.AddField(
            model_name='flag',
            name='score',
            field=models.FloatField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name='flag',
            name='spans',
            field=models.JSONField(blank=True, default=list),
        ),
        migrations.AddField(
            model_name='flag',
            name='threshold',
            field=models.FloatField(blank=True, null=True),
        ),
    ]
