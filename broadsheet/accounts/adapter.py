"""What allauth asks of us."""

from __future__ import annotations

from allauth.account.adapter import DefaultAccountAdapter


class AccountAdapter(DefaultAccountAdapter):
    """Signs readers up with a name of their own; redirects only to our own pages."""

    def save_user(self, request, user, form, commit=True):  # type: ignore[no-untyped-def]
        user.name = form.cleaned_data["name"]
        return super().save_user(request, user, form, commit)
