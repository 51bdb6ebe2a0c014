"""The Perspective API's protocol over our own scores, so that its clients need another address and nothing else.

Google ends that service on 31 December 2026. What is taken, answered and refused here is what its reference documents;
docs/moving-from-perspective.md says where the numbers differ. No text of a request is logged or kept.
"""

from __future__ import annotations
