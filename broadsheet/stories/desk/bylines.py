"""Bylines on the desk: whose account is whose, without a list of every reader."""

from __future__ import annotations

from typing import Any

from django import forms
from django.db.models import Q
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from broadsheet.accounts.models import Reader
from broadsheet.accounts.names import name_key
from broadsheet.stories.desk.forms import NamedForm


class AccountInput(forms.TextInput):
    """A name to type; the browser offers those of the newsroom's own people."""

    def render(self, name: str, value: Any, attrs: dict[str, Any] | None = None, renderer: Any = None) -> SafeString:
        box = super().render(name, value, {**(attrs or {}), "list": f"{name}-offered", "autocomplete": "off"}, renderer)
        people = Reader.objects.filter(Q(groups__isnull=False) | Q(is_superuser=True), is_active=True)
        names = people.order_by("name").values_list("name").distinct()
        offered = format_html_join("", '<option value="{}"></option>', names)
        return format_html('{}<datalist id="{}-offered">{}</datalist>', box, name, offered)


class AccountField(forms.ModelChoiceField):  # type: ignore[type-arg]  # Django has no such parameter when it runs
    """An account, typed as its name: names are public and each is somebody's alone, addresses are nobody's business."""

    widget = AccountInput
    default_error_messages = {
        "invalid_choice": _("There is no account of that name. Type it as it stands beside their comments.")
    }

    def prepare_value(self, value: Any) -> Any:
        reader = Reader.objects.filter(pk=value).first() if isinstance(value, int) else None
        return reader.name if reader else value

    def to_python(self, value: Any) -> Reader | None:
        if value in self.empty_values:
            return None
        found: Reader | None = Reader.objects.filter(name_key=name_key(str(value)), is_guest=False).first()
        if found is None:
            raise forms.ValidationError(self.error_messages["invalid_choice"], code="invalid_choice")
        return found


class PersonForm(NamedForm):
    """A byline."""

    class Meta:
        field_classes = {"account": AccountField}
