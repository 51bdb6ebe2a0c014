"""Endpoints with their events and deliveries, and what moderators want by mail."""

import broadsheet.core.clock
import broadsheet.webhooks.models
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('discussion', '0009_desk'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='Endpoint',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(max_length=80, unique=True)),
                ('address', models.CharField(max_length=600)),
                ('events', models.JSONField(default=list)),
                ('with_words', models.BooleanField(default=False)),
                ('is_on', models.BooleanField(default=True)),
                ('salt', models.CharField(default=broadsheet.webhooks.models.new_salt, max_length=32)),
                ('old_salt', models.CharField(blank=True, max_length=32)),
                ('old_until', models.DateTimeField(blank=True, null=True)),
                ('made_at', models.DateTimeField(default=broadsheet.core.clock.now)),
                ('failing_since', models.DateTimeField(blank=True, null=True)),
                ('off_why', models.CharField(blank=True, max_length=200)),
            ],
        ),
        migrations.CreateModel(
            name='Event',
            fields=[
                ('identity', models.CharField(default=broadsheet.webhooks.models.new_identity, max_length=40, primary_key=True, serialize=False)),
                ('kind', models.CharField(choices=[('comment.held', 'A comment is held'), ('comment.published', 'A comment becomes public'), ('comment.rejected', 'A comment is rejected'), ('comment.edited', 'A comment is edited by its author'), ('comment.withdrawn', 'A comment is withdrawn by its author'), ('comment.reported', 'A comment is reported'), ('decision.made', 'A moderator decides about a comment'), ('appeal.opened', 'Somebody appeals'), ('sanction.made', 'A reader is warned, suspended or banned'), ('discussion.closed', 'A discussion is closed by hand'), ('test.ping', 'A test')], max_length=20)),
                ('at', models.DateTimeField(default=broadsheet.core.clock.now)),
                ('data', models.JSONField(default=dict)),
                ('comment', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='discussion.comment')),
            ],
        ),
        migrations.CreateModel(
            name='Delivery',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('tries', models.PositiveSmallIntegerField(default=0)),
                ('next_try_at', models.DateTimeField(blank=True, null=True)),
                ('done_at', models.DateTimeField(blank=True, null=True)),
                ('attempts', models.JSONField(default=list)),
                ('endpoint', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='deliveries', to='webhooks.endpoint')),
                ('event', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='deliveries', to='webhooks.event')),
            ],
        ),
        migrations.CreateModel(
            name='MailChoice',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('digest', models.CharField(choices=[('never', 'Never'), ('daily', 'Once a day'), ('hourly', 'Every hour in which something waits')], default='never', max_length=6)),
                ('each', models.BooleanField(default=False)),
                ('next_digest_at', models.DateTimeField(blank=True, db_index=True, null=True)),
                ('moderator', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, related_name='desk_mail', to=settings.AUTH_USER_MODEL)),
            ],
        ),
        migrations.CreateModel(
            name='Offer',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('approve', models.CharField(blank=True, db_index=True, max_length=64)),
                ('reject', models.CharField(blank=True, db_index=True, max_length=64)),
                ('seen', models.CharField(max_length=10)),
                ('edited_at', models.DateTimeField(blank=True, null=True)),
                ('last_decision', models.PositiveIntegerField(default=0)),
                ('last_report', models.BigIntegerField(default=0)),
                ('made_at', models.DateTimeField(default=broadsheet.core.clock.now)),
                ('expires_at', models.DateTimeField(db_index=True)),
                ('used_at', models.DateTimeField(blank=True, null=True)),
                ('comment', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='discussion.comment')),
                ('moderator', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='desk_offers', to=settings.AUTH_USER_MODEL)),
            ],
        ),
        migrations.AddIndex(
            model_name='event',
            index=models.Index(fields=['at'], name='event_at'),
        ),
        migrations.AddIndex(
            model_name='delivery',
            index=models.Index(condition=models.Q(('next_try_at__isnull', False)), fields=['next_try_at'], name='delivery_due'),
        ),
        migrations.AddIndex(
            model_name='delivery',
            index=models.Index(fields=['endpoint', '-id'], name='delivery_log'),
        ),
        migrations.AddConstraint(
            model_name='delivery',
            constraint=models.UniqueConstraint(fields=('endpoint', 'event'), name='one_delivery_an_endpoint'),
        ),
        migrations.AddIndex(
            model_name='offer',
            index=models.Index(fields=['moderator', 'made_at'], name='offer_moderator'),
        ),
    ]
