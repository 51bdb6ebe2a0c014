"""Which words what was learned rests on, as far as a page may say them: only words that several people have used."""

from __future__ import annotations

import re
from collections.abc import Iterable

from broadsheet.discussion.models import Comment
from broadsheet.scores.learning.lessons import parted
from broadsheet.scoring.learning import INAPPROPRIATE, Learned, as_read

LEAST_COMMENTS, LEAST_AUTHORS = 5, 3  # so that no word of a single person's stands on a page
SHOWN, LEAST = 15, 0.2  # words of either sort; what one has to move a logit by
_WORD = re.compile(r"[^\W\d_]{3,30}")


def told(learned: Learned, numbers: Iterable[int]) -> dict[str, list[tuple[str, float]]]:
    """The words that make a comment look worse here, and those that make it look better; the strongest first."""
    weighed = [(word, round(learned.word(INAPPROPRIATE, word), 2)) for word in sorted(_common(set(numbers)))]
    more = sorted((each for each in weighed if each[1] >= LEAST), key=lambda each: -each[1])
    less = sorted((each for each in weighed if each[1] <= -LEAST), key=lambda each: each[1])
    return {"more": more[:SHOWN], "less": less[:SHOWN]}


def _common(numbers: set[int]) -> set[str]:
    """Words in enough of these comments, by enough people."""
    comments: dict[str, int] = {}
    authors: dict[str, set[str]] = {}
    for some in parted(sorted(numbers)):
        rows = Comment.objects.filter(pk__in=some).values_list("body", "author", "author_name", "score__language")
        for body, author, name, language in rows:
            for word in set(_WORD.findall(as_read(body, language or "").text)):
                comments[word] = comments.get(word, 0) + 1
                if len(authors.setdefault(word, set())) < LEAST_AUTHORS:
                    authors[word].add(str(author or name))
    return {word for word, many in comments.items() if many >= LEAST_COMMENTS and len(authors[word]) >= LEAST_AUTHORS}
