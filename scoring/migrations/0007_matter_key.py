from django.db import migrations, models


def number_matters(apps, schema_editor):
    """Events that named the same matter until now keep counting as one."""
    events = apps.get_model("scoring", "LedgerEvent").objects.exclude(matter="")
    keys, counts = {}, {}
    for event in events.order_by("competition_id", "id"):
        matter = event.competition_id, event.matter
        if matter not in keys:
            counts[event.competition_id] = counts.get(event.competition_id, 0) + 1
            keys[matter] = f"m{counts[event.competition_id]:03d}"
        event.matter_key = keys[matter]
        event.save(update_fields=["matter_key"])


class Migration(migrations.Migration):
    dependencies = [("scoring", "0006_measurement_without_note")]

    operations = [
        migrations.AddField(
            model_name="ledgerevent",
            name="matter_key",
            field=models.SlugField(blank=True, max_length=20, verbose_name="同一事项编号"),
        ),
        migrations.RunPython(number_matters, migrations.RunPython.noop),
    ]
