"""The one settings file: every value is a PARVIS_* variable, with defaults that start a demo.

What a town hall decides (hours, wording, thresholds) is a row in the database, not a setting.
"""

import secrets
from pathlib import Path
from typing import Any

from django.utils.translation import gettext_lazy as _

from parvis.common import database, env

HOME = Path(env.text("HOME", ".")).resolve()
VAR = HOME / "var"
FILES = VAR / "files"  # what colleagues attach, by the hash of the content
PACKAGE = Path(__file__).resolve().parent

DEBUG = env.flag("DEBUG")


def _secret_key() -> str:
    """The given key, else one made once and kept beside the database for its owner only."""
    given = env.text("SECRET_KEY")
    if given:
        return given
    path = VAR / "secret_key"
    if not path.exists():
        VAR.mkdir(parents=True, exist_ok=True)
        draft = VAR / f"secret_key.{secrets.token_hex(4)}"
        draft.touch(mode=0o600)
        draft.write_text(secrets.token_urlsafe(50), encoding="utf-8")
        try:
            path.hardlink_to(draft)  # the first process wins; the others read its key
        except FileExistsError:
            pass
        finally:
            draft.unlink()
    return path.read_text(encoding="utf-8").strip()


try:
    SECRET_KEY = _secret_key()
except OSError as error:
    raise SystemExit(
        f"The folder of this installation cannot be used: {error}\n"
        "PARVIS_HOME must name a folder in which this account may write."
    ) from None
SECRET_KEY_FALLBACKS = env.words("SECRET_KEY_FALLBACKS")
BASE_URL = env.text("BASE_URL", "http://127.0.0.1:8000")
HTTPS = BASE_URL.startswith("https://")
BEHIND_PROXY = env.flag("BEHIND_PROXY")  # one proxy of ours ends TLS and names the sender
ALLOWED_HOSTS = env.words("ALLOWED_HOSTS", "localhost,127.0.0.1,[::1]")
CSRF_TRUSTED_ORIGINS = env.words("TRUSTED_ORIGINS")

INSTALLED_APPS = [
    "parvis.common",
    "parvis.organisations",
    "parvis.accounts",
    "parvis.law",
    "parvis.knowledge",
    "parvis.contacts",
    "parvis.queue",
    "parvis.departments",
    "parvis.cases",
    "parvis.appointments",
    "parvis.assistant",
    "parvis.feedback",
    "parvis.letters",
    "parvis.mail",
    "parvis.quality",
    "parvis.privacy",
    "parvis.interop",
    "parvis.web",
    "parvis.demo",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.humanize",
    "django.forms",
    "django_htmx",
    "django_tasks",
    "django_tasks_db",
    "csp",
    "ninja",
    "allauth",
    "allauth.account",
    "allauth.mfa",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "parvis.common.middleware.ContentPolicy",
    "parvis.common.middleware.ResponseHeaders",
    "parvis.common.middleware.Sessions",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "parvis.common.middleware.WholeBodies",
    "parvis.common.middleware.PlainText",
    "parvis.accounts.middleware.AgentSession",
    "parvis.common.middleware.KindErrors",
    "parvis.cases.asking.AskWhy",
]

ROOT_URLCONF = "parvis.urls"
WSGI_APPLICATION = "parvis.wsgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "builtins": [
                "django.templatetags.i18n",
                "django.templatetags.static",
                "parvis.common.templatetags.parvis",
                "parvis.organisations.templatetags.front_doors",
                "parvis.web.templatetags.parvis_look",
            ],
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "parvis.web.context.page",
                "parvis.web.context.agent",
            ],
        },
    }
]
FORM_RENDERER = "parvis.web.forms.ParvisRenderer"

DATABASES = {"default": database.from_url(env.text("DATABASE_URL", "sqlite://"), home=HOME)}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}
TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend", "QUEUES": []}}

AUTH_USER_MODEL = "accounts.Agent"
AUTHENTICATION_BACKENDS = ["parvis.accounts.backends.ThrottledPasswords"]
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.Argon2PasswordHasher",
    "django.contrib.auth.hashers.ScryptPasswordHasher",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 12},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
]
LOGIN_URL = "accounts:sign-in"
LOGIN_REDIRECT_URL = "accounts:choose-desk"

ACCOUNT_ADAPTER = "parvis.accounts.adapters.AgentAdapter"
ACCOUNT_USER_MODEL_USERNAME_FIELD = "username"
ACCOUNT_LOGIN_METHODS = {"username"}
ACCOUNT_SIGNUP_FIELDS = ["username*", "password1*"]
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_REAUTHENTICATION_TIMEOUT = 900
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_TOTP_ISSUER = "Parvis"
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_ADAPTER = "parvis.accounts.adapters.SecondFactors"
MFA_FORMS = {
    "authenticate": "parvis.accounts.forms.factors.CodeForm",
    "reauthenticate": "parvis.accounts.forms.factors.CodeAgainForm",
    "activate_totp": "parvis.accounts.forms.factors.ActivateForm",
    "add_webauthn": "parvis.accounts.forms.factors.KeyForm",
    "edit_webauthn": "parvis.accounts.forms.factors.KeyNameForm",
    "login_webauthn": "parvis.accounts.forms.factors.SignInKeyForm",
    "authenticate_webauthn": "parvis.accounts.forms.factors.SecondKeyForm",
    "reauthenticate_webauthn": "parvis.accounts.forms.factors.KeyAgainForm",
}
# Browsers refuse passkeys over plain http except on localhost, which is what a demo uses.
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = not HTTPS

# Not cached: signing out, locking and deactivating must hold in every process at once.
SESSION_ENGINE = "django.contrib.sessions.backends.db"
SESSION_COOKIE_AGE = 12 * 3600
SESSION_COOKIE_NAME = "__Host-parvis" if HTTPS else "parvis"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = LANGUAGE_COOKIE_SECURE = HTTPS
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = LANGUAGE_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_HTTPONLY = True
CSRF_FAILURE_VIEW = "parvis.web.views.errors.csrf_failure"
SECURE_SSL_REDIRECT = HTTPS and not BEHIND_PROXY
SECURE_HSTS_SECONDS = 31_536_000 if HTTPS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = HTTPS
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if BEHIND_PROXY else None
# Behind a proxy it is the proxy that sends plain http to https.
SILENCED_SYSTEM_CHECKS = ["security.W008"] if BEHIND_PROXY else []
X_FRAME_OPTIONS = "DENY"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": ["'self'"],
        "img-src": ["'self'", "data:"],
        "frame-ancestors": ["'none'"],
        "base-uri": ["'none'"],
        "form-action": ["'self'"],
        "object-src": ["'none'"],
    }
}
DATA_UPLOAD_MAX_MEMORY_SIZE = 2 * 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 500

LANGUAGE_CODE = "fr"
LANGUAGES = [("fr", _("French")), ("en", _("English"))]
VISITOR_LANGUAGES = ["fr", "en", "ar", "uk"]  # of the hall; agents work in LANGUAGES only
LOCALE_PATHS = [PACKAGE / app.removeprefix("parvis.") / "locale" for app in INSTALLED_APPS[:18]]
USE_TZ = True
TIME_ZONE = "Europe/Paris"  # of messages without a site; storage is UTC, sites have their own
FORMAT_MODULE_PATH = ["parvis.common.formats"]

STATIC_URL = "/static/"
WHITENOISE_USE_FINDERS = True
WHITENOISE_MAX_AGE = 3600

EMAIL_BACKEND = env.text("EMAIL_BACKEND", "django.core.mail.backends.console.EmailBackend")
EMAIL_HOST = env.text("EMAIL_HOST", "localhost")
EMAIL_PORT = env.number("EMAIL_PORT", 25)
EMAIL_HOST_USER = env.text("EMAIL_USER")
EMAIL_HOST_PASSWORD = env.text("EMAIL_PASSWORD")
EMAIL_USE_TLS = env.flag("EMAIL_TLS")
EMAIL_TIMEOUT = 20
DEFAULT_FROM_EMAIL = env.text("EMAIL_FROM", "parvis@localhost")

MAIL: dict[str, Any] = {
    "IMAP": env.words("MAIL_IMAP"),  # imaps://user:password@host/INBOX, several between commas
    "IMAP_EVERY": env.number("MAIL_IMAP_EVERY", 60),  # seconds
    "AUTHSERV": env.text("MAIL_AUTHSERV"),  # whose Authentication-Results are believed
}

SMS: dict[str, str] = {
    "BACKEND": env.text("SMS_BACKEND", "console"),  # console, file or http
    "FILE": env.text("SMS_FILE", str(VAR / "sms.jsonl")),
    "URL": env.text("SMS_URL"),
    "BODY": env.text("SMS_BODY"),
    "TOKEN": env.text("SMS_TOKEN"),
    "SENDER": env.text("SMS_SENDER"),
    "TIMEOUT": str(env.number("SMS_TIMEOUT", 10)),  # seconds
    "COUNTRY": env.text("SMS_COUNTRY", "33"),
}

# The language model of the assistant, which an authority may choose.
LANGUAGE_MODEL: dict[str, list[str]] = {
    "ALLOWED": env.words("MODEL_ALLOWED"),  # origins of the own network, http://10.0.0.5:11434
    "KEYS": env.words("MODEL_KEYS"),  # https://authority:key@host, several between commas
}

# The national sheets: where an edition is fetched, and where it lies while it is taken in.
SHEETS_FEED = env.text(
    "SHEETS_FEED",
    "https://lecomarquage.service-public.gouv.fr/vdd/3.5/part/zip/vosdroits-latest.zip",
)
SHEETS_FEED_PRIVATE = env.flag("SHEETS_FEED_PRIVATE")  # a mirror inside the own network
SHEETS_FOLDER = VAR / "imports"

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "{asctime} {levelname} {name}: {message}", "style": "{"}},
    "filters": {"secrets": {"()": "parvis.common.redaction.HideSecrets"}},
    "handlers": {
        "console": {
            "class": "logging.StreamHandler",
            "formatter": "line",
            "filters": ["secrets"],
        }
    },
    "root": {"handlers": ["console"], "level": env.text("LOG_LEVEL", "WARNING")},
}
