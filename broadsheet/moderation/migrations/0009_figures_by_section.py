"""Numbers of the desk by day and section."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('moderation', '0008_opening_set'),
        ('stories', '0005_urgency_from_1_to_9'),
    ]

    operations = [
        migrations.CreateModel(
            name='DayIn',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('day', models.DateField()),
                ('figures', models.JSONField(default=dict)),
                ('section', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='stories.section')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('day', 'section'), name='one_row_a_day_and_section')],
            },
        ),
    ]
