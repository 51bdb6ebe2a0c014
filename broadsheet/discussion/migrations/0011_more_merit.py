"""Merit has two parts more, below the others: what was stored is worth four times as much.

Which comments have the new parts is asked by `broadsheet recount --merit`: it takes half a millisecond a comment.
"""

from django.db import migrations
from django.db.models import F


def make_room(apps, schema_editor):
    apps.get_model("discussion", "Comment").objects.filter(merit__gt=0).update(merit=F("merit") * 4)


def take_room(apps, schema_editor):
    apps.get_model("discussion", "Comment").objects.filter(merit__gt=0).update(merit=F("merit") / 4)


class Migration(migrations.Migration):
    dependencies = [("discussion", "0010_desk_hours")]
    operations = [migrations.RunPython(make_room, take_room)]
