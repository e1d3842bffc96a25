"""What people may send: about themselves and their accounts, and about others in the register."""

from linli.people.forms.accounts import (
    CodeForm,
    NameForm,
    NewAccountForm,
    PasswordForm,
    PhoneCodeForm,
    PhoneForm,
    ReachForm,
    RevealForm,
    SignInForm,
    TotpDropForm,
    TotpForm,
)

__all__ = [
    "CodeForm",
    "NameForm",
    "NewAccountForm",
    "PasswordForm",
    "PhoneCodeForm",
    "PhoneForm",
    "ReachForm",
    "RevealForm",
    "SignInForm",
    "TotpDropForm",
    "TotpForm",
]
