"""What a start costs every command and every process of a newsroom."""

from __future__ import annotations

import gc


def test_what_a_start_has_made_is_no_rubbish_and_is_not_looked_through():
    assert gc.isenabled()
    assert gc.get_freeze_count() > 100_000
