"""Scores comments as fast as one core goes, everything included: `python -m benchmarks.scoring`.

Prints comments a second, memory, the size of the weights and the cold start, as the model card has them.
"""

from __future__ import annotations

from benchmarks.measuring import machine
from broadsheet.scoring.measuring import speed


def main() -> None:
    """Measure and print."""
    found = speed.measure()
    print(f"{machine()}; {found['model']}")
    print(f"comments of {found['words of a comment']} words, everything included:")
    print(f"  {found['comments a second']:6} a second and core with relevance, "
          f"{found['comments a second without relevance']} without")  # fmt: skip
    print(f"  {found['megabytes of memory']:6} MB of memory at most")
    print(f"  {found['megabytes of weights']:6.1f} MB of weights")
    print(f"  {found['seconds to the first score']:6.2f} s from nothing to the first score")


if __name__ == "__main__":
    main()
