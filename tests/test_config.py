"""Where settings come from, and which wins."""

from datetime import timedelta
from pathlib import Path

import pytest

from korob import config
from korob.config import Mode, SettingsError

TOKEN = "long-enough-to-be-safe"


def test_a_sandbox_on_this_machine_is_what_one_gets_unasked():
    settings = config.read({"XDG_DATA_HOME": "/srv/share"})

    assert (settings.mode, settings.host, settings.port, settings.workers) == (Mode.SANDBOX, "127.0.0.1", 8080, 1)
    assert (settings.database_url, settings.operator_token) == ("", "")
    assert settings.timers


def test_a_flag_wins_over_its_variable_and_an_empty_variable_is_none():
    environment = {"KOROB_PORT": "8081", "KOROB_HOST": "  ", "KOROB_DATA_DIR": "/srv/korob"}

    settings = config.read(environment, {"port": "8082", "data_dir": None})

    assert (settings.port, settings.host, settings.data_dir) == (8082, "127.0.0.1", Path("/srv/korob"))


def test_another_process_reads_the_same_settings_from_the_environment(monkeypatch):
    settings = config.read(
        {
            "KOROB_MODE": "production",
            "KOROB_DATABASE_URL": "postgresql://korob@/korob?host=/run/korob",
            "KOROB_OPERATOR_TOKEN": TOKEN,
            "KOROB_DATA_DIR": "/srv/korob",
            "KOROB_LEAVE_SECONDS": "15",
            "KOROB_OPERATION_DELAY": "0.25",
            "KOROB_LOG_LEVEL": "warning",
            "KOROB_CODE_AUTHORITY": "https://codes.example/check",
        }
    )
    for name, value in settings.as_environment().items():
        monkeypatch.setenv(name, value)

    assert config.from_environment() == settings
    assert (settings.leave_seconds, settings.operation_delay) == (15, timedelta(milliseconds=250))


@pytest.mark.parametrize("missing", ["KOROB_DATABASE_URL", "KOROB_OPERATOR_TOKEN"])
def test_a_process_that_serve_did_not_start_is_told_what_it_lacks(monkeypatch, missing):
    monkeypatch.setenv("KOROB_DATABASE_URL", "postgresql://korob@/korob")
    monkeypatch.setenv("KOROB_OPERATOR_TOKEN", TOKEN)
    monkeypatch.delenv(missing)

    with pytest.raises(SettingsError, match=f"^{missing} is not set$"):
        config.from_environment()


def test_production_is_safe_with_a_long_token_and_refused_without():
    production = {"KOROB_MODE": "production", "KOROB_DATA_DIR": "/srv/korob"}

    config.check_safe(config.read(production | {"KOROB_OPERATOR_TOKEN": TOKEN}))
    with pytest.raises(SettingsError, match="KOROB_OPERATOR_TOKEN is too short"):
        config.check_safe(config.read(production | {"KOROB_OPERATOR_TOKEN": TOKEN[:15]}))
    with pytest.raises(SettingsError, match="set KOROB_OPERATOR_TOKEN"):
        config.check_safe(config.read(production))


def test_all_that_is_unsafe_in_production_is_said_at_once():
    unsafe = {"KOROB_OPERATOR_TOKEN": "a" * 40, "KOROB_LOG_LEVEL": "debug", "KOROB_OPERATION_DELAY": "0"}

    with pytest.raises(SettingsError) as told:
        config.check_safe(config.read(unsafe | {"KOROB_MODE": "production", "KOROB_DATA_DIR": "/srv/korob"}))

    for name in unsafe:
        assert name in str(told.value)
    config.check_safe(config.read(unsafe | {"KOROB_DATA_DIR": "/srv/korob"}))


@pytest.mark.parametrize(
    ("given", "read"),
    [
        ("", "accept"),
        ("ACCEPT", "accept"),
        ("https://codes.example/check", "https://codes.example/check"),
        ("http://127.0.0.1:9000/", "http://127.0.0.1:9000/"),
    ],
)
def test_codes_are_checked_elsewhere_or_taken_as_they_are(given, read):
    assert config.read({"KOROB_CODE_AUTHORITY": given}).code_authority == read


@pytest.mark.parametrize("given", ["reject", "ftp://codes.example", "https://", "https://codes example", "http://[::1"])
def test_a_code_authority_that_nobody_can_ask_is_refused(given):
    with pytest.raises(SettingsError, match="code authority"):
        config.read({"KOROB_CODE_AUTHORITY": given})


@pytest.mark.parametrize(
    ("url", "is_safe"),
    [
        ("accept", True),
        ("https://codes.example", True),
        ("http://localhost:9000", True),
        ("http://[::1]:9000", True),
        ("http://codes.example", False),
        ("http://localhost.codes.example", False),
    ],
)
def test_in_production_nobody_on_the_way_may_answer_for_the_code_authority(url, is_safe):
    production = {"KOROB_MODE": "production", "KOROB_DATA_DIR": "/srv/korob", "KOROB_OPERATOR_TOKEN": TOKEN}
    settings = config.read(production | {"KOROB_CODE_AUTHORITY": url})

    if is_safe:
        config.check_safe(settings)
    else:
        with pytest.raises(SettingsError, match="KOROB_CODE_AUTHORITY"):
            config.check_safe(settings)


@pytest.mark.parametrize(
    ("url", "shown"),
    [
        ("postgresql://korob:se:cr@t@db/korob", "postgresql://korob:***@db/korob"),
        ("postgresql://db/korob?user=korob&password=secret&sslmode=require", None),
        ("postgresql://korob@/korob?host=/run/korob", "postgresql://korob@/korob?host=/run/korob"),
        ("postgresql://db:5432/korob", "postgresql://db:5432/korob"),
    ],
)
def test_a_database_url_is_shown_without_its_password(url, shown):
    expected = shown or "postgresql://db/korob?user=korob&password=***&sslmode=require"

    assert config.without_password(url) == expected
