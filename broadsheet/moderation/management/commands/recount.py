"""`broadsheet recount` proves the desk's queues too, which stand above the discussions."""

from __future__ import annotations

from broadsheet.discussion.management.commands import recount
from broadsheet.moderation import places


class Command(recount.Command):
    """The discussions' own, and then who waits in which queue."""

    help = f"{recount.Command.help[:-1]}; then the queues of the desk."

    def prove(self, *, only_look: bool) -> bool:
        """Say what is not so, mend it unless only looking; whether everything was as it should be."""
        counts_are_true = super().prove(only_look=only_look)
        wrong = list(places.differences())
        for difference in wrong:
            self.stdout.write(f"{difference}.")
            if not only_look:
                places.mend(difference)
        self.stdout.write("Every queue is right." if not wrong else f"Places in queues: {len(wrong)} wrong.")
        return counts_are_true and not wrong
