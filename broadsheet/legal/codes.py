"""The words of the Commission's transparency database, and which of them a reason of ours is.

The values are those of its programming interface (version 2, in force since July 2025), without their beginnings.
"""

from __future__ import annotations

from dataclasses import dataclass

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from broadsheet.moderation.models import Reason


class Category(models.TextChoices):
    """What a notice or a decision is about: the sixteen of the database."""

    SPEECH = "ILLEGAL_OR_HARMFUL_SPEECH", _("Illegal or harmful speech")
    CYBER_VIOLENCE = "CYBER_VIOLENCE", _("Cyber violence: harassment, stalking, exposure")
    CYBER_VIOLENCE_WOMEN = "CYBER_VIOLENCE_AGAINST_WOMEN", _("Cyber violence against women")
    PRIVACY = "DATA_PROTECTION_AND_PRIVACY_VIOLATIONS", _("Data protection and privacy")
    MINORS = "PROTECTION_OF_MINORS", _("Protection of minors, and abuse of children")
    SELF_HARM = "SELF_HARM", _("Self-harm")
    VIOLENCE = "VIOLENCE", _("Violence and threats of it")
    SECURITY = "RISK_FOR_PUBLIC_SECURITY", _("Public security, terrorism")
    CIVIC = "NEGATIVE_EFFECTS_ON_CIVIC_DISCOURSE_OR_ELECTIONS", _("Harm to public debate or elections")
    SCAMS = "SCAMS_AND_FRAUD", _("Scams and fraud")
    PROPERTY = "INTELLECTUAL_PROPERTY_INFRINGEMENTS", _("Copyright and other intellectual property")
    CONSUMERS = "CONSUMER_INFORMATION", _("Rights of consumers")
    PRODUCTS = "UNSAFE_AND_PROHIBITED_PRODUCTS", _("Unsafe or prohibited products")
    ANIMALS = "ANIMAL_WELFARE", _("Animal welfare")
    NOT_SPECIFIED = "NOT_SPECIFIED_NOTICE", _("Something else that is against the law")
    POLICY = "OTHER_VIOLATION_TC", _("Another rule of the comment policy")


NOTICED = [category for category in Category if category != Category.POLICY]  # what a notice may be about


class Ground(models.TextChoices):
    """What a decision stands on: the law, or our own rules."""

    ILLEGAL = "ILLEGAL_CONTENT", _("The law")
    TERMS = "INCOMPATIBLE_CONTENT", _("Our comment policy")


class Restriction(models.TextChoices):
    """What a decision restricts: the sight of words, or an account."""

    REMOVED = "VISIBILITY_CONTENT_REMOVED", _("The comment was removed")
    HIDDEN = "VISIBILITY_CONTENT_DISABLED", _("The comment is hidden until it has been looked at")
    READ_FIRST = "VISIBILITY_OTHER", _("New comments are read before they are published")
    SUSPENDED = "ACCOUNT_SUSPENDED", _("The account may not take part for a time")
    BANNED = "ACCOUNT_TERMINATED", _("The account may not take part any more")

    @property
    def is_about_account(self) -> bool:
        return self in {Restriction.SUSPENDED, Restriction.BANNED, Restriction.READ_FIRST}


class SourceType(models.TextChoices):
    """How we came to look."""

    NOTICE = "ARTICLE_16", _("A notice of illegal content")
    FLAGGER = "TRUSTED_FLAGGER", _("A notice by a trusted flagger")
    REPORTS = "TYPE_OTHER_NOTIFICATION", _("Readers’ reports")
    OWN = "VOLUNTARY", _("Our own initiative")


class Automation(models.TextChoices):
    """Whether a person decided."""

    NOT = "NOT_AUTOMATED", pgettext_lazy("who decided", "No: a person decided")
    FULLY = "FULLY", pgettext_lazy("who decided", "Yes, by the newsroom’s settings")


@dataclass(frozen=True)
class Meaning:
    """What one of our reasons is in the words of the database."""

    category: Category
    ground: Ground = Ground.TERMS


# docs/legal.md has the same table, with why. A test compares both.
MEANINGS = {
    Reason.IRRELEVANT: Meaning(Category.POLICY),
    Reason.ABUSIVE: Meaning(Category.CYBER_VIOLENCE),
    Reason.HATEFUL: Meaning(Category.SPEECH),
    Reason.FALSE: Meaning(Category.CIVIC),
    Reason.PRIVATE: Meaning(Category.PRIVACY),
    Reason.SPAM: Meaning(Category.POLICY),
    Reason.ILLEGAL: Meaning(Category.SPEECH, Ground.ILLEGAL),
    Reason.OTHER: Meaning(Category.POLICY),
}

# The European Economic Area, as the database takes its countries (ISO 3166-1).
TERRITORY = (
    "AT", "BE", "BG", "CY", "CZ", "DE", "DK", "EE", "ES", "FI", "FR", "GR", "HR", "HU", "IE", "IS", "IT", "LI", "LT",
    "LU", "LV", "MT", "NL", "NO", "PL", "PT", "RO", "SE", "SI", "SK",
)  # fmt: skip
