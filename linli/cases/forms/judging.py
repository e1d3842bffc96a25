"""What is sent about suggestions: one taken over, learning anew."""

from django import forms

from linli.kernel.web import Form, IdempotentForm


class TakeSuggestionForm(Form):
    """The category that was tapped, and what the page saw."""

    code = forms.CharField(max_length=40)
    version = forms.IntegerField(min_value=0)


class LearnForm(IdempotentForm):
    """Learn anew, once for each time the page was opened."""
