"""What goes out, every few seconds."""

from __future__ import annotations

from broadsheet.notifications import mailing, push


def send_due() -> None:
    """Send the e-mail that is due, and wake the browsers for which there is something new."""
    try:
        push.wake_due()
    finally:
        mailing.send_due()
