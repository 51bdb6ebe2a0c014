"""Numbers of the desk by day, the blind sample, the settings as they were last, and what the audit log is read by."""

import broadsheet.core.clock
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('discussion', '0009_desk'),
        ('moderation', '0006_people'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='Day',
            fields=[
                ('day', models.DateField(primary_key=True, serialize=False)),
                ('figures', models.JSONField(default=dict)),
                ('counted_at', models.DateTimeField(default=broadsheet.core.clock.now)),
            ],
        ),
        migrations.CreateModel(
            name='DayOf',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('day', models.DateField()),
                ('acts', models.PositiveIntegerField(default=0)),
                ('rejected', models.PositiveIntegerField(default=0)),
            ],
        ),
        migrations.CreateModel(
            name='KnownSetting',
            fields=[
                ('name', models.CharField(max_length=60, primary_key=True, serialize=False)),
                ('value', models.TextField(blank=True)),
                ('digest', models.CharField(blank=True, max_length=64)),
            ],
        ),
        migrations.CreateModel(
            name='Sampled',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('day', models.DateField(db_index=True)),
            ],
        ),
        migrations.AddIndex(
            model_name='change',
            index=models.Index(fields=['at'], name='change_at'),
        ),
        migrations.AddIndex(
            model_name='report',
            index=models.Index(fields=['created_at'], name='report_at'),
        ),
        migrations.AddIndex(
            model_name='threaddecision',
            index=models.Index(fields=['created_at'], name='thread_decision_at'),
        ),
        migrations.AddField(
            model_name='dayof',
            name='moderator',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='desk_days', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='sampled',
            name='comment',
            field=models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, related_name='sampled', to='discussion.comment'),
        ),
        migrations.AddField(
            model_name='sampled',
            name='decision',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='moderation.decision'),
        ),
        migrations.AddIndex(
            model_name='dayof',
            index=models.Index(fields=['day'], name='dayof_day'),
        ),
        migrations.AddConstraint(
            model_name='dayof',
            constraint=models.UniqueConstraint(fields=('moderator', 'day'), name='one_row_a_moderator_and_day'),
        ),
    ]
