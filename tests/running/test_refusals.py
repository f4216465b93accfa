"""What keeps Korob from starting is said in one line, with nothing left behind."""

import asyncio
import socket
from collections.abc import Iterator

import pytest
from granian.net import SocketSpec

from korob.running.serve import free_place
from korob.store import embedded, fitness
from tests.running.installation import run

TOKEN = "long-enough-to-be-safe"


@pytest.fixture
def closed_port() -> Iterator[int]:
    """Where nobody listens, and nobody comes to."""
    with socket.socket() as place:
        place.bind(("127.0.0.1", 0))
        yield int(place.getsockname()[1])


def refused(*arguments: str, **environment: str) -> str:
    """The one line that the command says, and nothing else on the error output."""
    ended = run(*arguments, **environment)
    assert ended.returncode == 1, ended
    lines = ended.stderr.splitlines()
    assert len(lines) == 1, lines
    return lines[0].removeprefix("korob: ")


def test_a_taken_port_is_told_before_anything_is_made(new_data_dir):
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = str(other.getsockname()[1])

        said = refused("serve", "--port", port, "--data-dir", str(new_data_dir))

    assert said == f"port {port} of 127.0.0.1 is taken by another program: end it, or choose another --port"
    assert not new_data_dir.exists()


def test_a_port_that_was_chosen_stays_free_until_the_http_server_listens_there():
    with free_place("127.0.0.1", 0) as place, socket.socket() as somebody_else, socket.socket() as caller:
        with pytest.raises(OSError, match="Address already in use"):
            somebody_else.bind(place.getsockname())
        with pytest.raises(ConnectionRefusedError):
            caller.connect(place.getsockname())

        assert SocketSpec(*place.getsockname(), 16).build()


def test_an_address_of_another_machine_is_told(new_data_dir):
    said = refused("serve", "--host", "192.0.2.1", "--port", "0", "--data-dir", str(new_data_dir))

    assert said == "can't listen at 192.0.2.1, port 0: Cannot assign requested address"


def test_a_database_that_does_not_answer_is_told_without_its_password(new_data_dir, closed_port):
    url = f"postgresql://somebody:verysecret@127.0.0.1:{closed_port}/korob"

    said = refused("serve", "--port", "0", "--data-dir", str(new_data_dir), "--database-url", url)

    assert said.startswith(f"the database postgresql://somebody:***@127.0.0.1:{closed_port}/korob can't be reached: ")


@pytest.mark.parametrize(
    ("url", "why"),
    [
        ("mysql://somebody:verysecret@localhost/korob", "does not begin with postgresql://"),
        ("postgresql://somebody:verysecret@no-such-host.invalid/korob", "can't be reached: "),
        ("postgresql://somebody:verysecret@localhost:notaport/korob", "can't be reached: "),
    ],
)
def test_a_broken_database_url_is_told_without_its_password(new_data_dir, url, why):
    said = refused("serve", "--port", "0", "--data-dir", str(new_data_dir), KOROB_DATABASE_URL=url)

    assert why in said
    assert "verysecret" not in said


def test_data_of_another_postgresql_is_told_and_left_alone(new_data_dir):
    (new_data_dir / "postgres").mkdir(parents=True)
    (new_data_dir / "postgres" / "PG_VERSION").write_text("16\n")

    said = refused("serve", "--port", "0", "--data-dir", str(new_data_dir))

    assert said.startswith(f"the data folder {new_data_dir} was made by PostgreSQL 16, this korob brings PostgreSQL 18")
    assert [path.name for path in (new_data_dir / "postgres").iterdir()] == ["PG_VERSION"]


def test_a_data_folder_of_a_newer_korob_is_told_and_left_alone(new_data_dir):
    new_data_dir.mkdir()
    (new_data_dir / "format").write_text("2\n")

    said = refused("serve", "--port", "0", "--data-dir", str(new_data_dir))

    assert said.startswith(f"the data folder {new_data_dir} has format '2', this korob works on format '1'")
    assert [path.name for path in new_data_dir.iterdir()] == ["format"]


def test_a_data_folder_that_cannot_be_made_is_told(new_data_dir):
    new_data_dir.write_text("a file is in the way")

    said = refused("serve", "--port", "0", "--data-dir", str(new_data_dir / "data"))

    assert said == f"the data folder {new_data_dir / 'data'} can't be used: Not a directory"


def test_production_wants_a_token_of_its_operator(new_data_dir):
    flags = ("serve", "--mode", "production", "--port", "0", "--data-dir", str(new_data_dir))

    assert refused(*flags) == "not safe in production: production needs an operator's token: set KOROB_OPERATOR_TOKEN"
    too_short = refused(*flags, KOROB_OPERATOR_TOKEN="short")
    assert too_short.startswith("not safe in production: the token in KOROB_OPERATOR_TOKEN is too short")
    assert refused(*flags, "--demo", KOROB_OPERATOR_TOKEN=TOKEN) == "there is no demo world in production"
    assert not new_data_dir.exists()


def test_a_worker_in_production_wants_what_is_safe_but_no_token(fresh_url):
    said = refused(
        *("worker", "--mode", "production", "--database-url", fresh_url),
        KOROB_LOG_LEVEL="debug",
        KOROB_CODE_AUTHORITY="http://codes.example/check",
    )

    assert said == (
        "not safe in production: KOROB_LOG_LEVEL is debug, which tells more than a log should keep; "
        "KOROB_CODE_AUTHORITY is http://, over which anybody on the way can answer"
    )


def test_production_does_not_start_on_a_sandboxs_database(serve, data_dir):
    sandbox = serve("--demo").ready()
    sandbox.stop()

    said = refused(
        "serve", "--mode", "production", "--port", "0", "--data-dir", str(data_dir), KOROB_OPERATOR_TOKEN=TOKEN
    )

    assert said.startswith("the database is one of sandbox, and this is production: ")
    assert embedded.running(data_dir) is None


async def test_a_worker_of_another_mode_than_the_database_is_refused(database, fresh_url):
    await fitness.claim(database, "production")

    said = await asyncio.to_thread(refused, "worker", "--database-url", fresh_url)

    assert said.startswith("the database is one of production, and this is sandbox: ")


def test_production_does_not_start_on_a_database_that_forgets(fresh_url, new_data_dir):
    forgetful = f"{fresh_url}{'&' if '?' in fresh_url else '?'}options=-csynchronous_commit%3Doff"

    said = refused(
        *("serve", "--mode", "production", "--port", "0", "--data-dir", str(new_data_dir)),
        *("--database-url", forgetful),
        KOROB_OPERATOR_TOKEN=TOKEN,
    )

    assert said.startswith("the database may lose acknowledged writes: ")
    assert said.endswith("synchronous_commit is off")


def test_a_data_folder_in_use_is_told_and_its_user_left_in_peace(serve, data_dir):
    korob = serve().ready()

    said = refused("serve", "--port", "0", "--data-dir", str(data_dir))

    assert said == f"the data folder {data_dir} is in use by another korob, process {korob.process.pid}"
    assert korob.ask("GET", "/healthz") == {"status": "OK"}


def test_a_worker_without_a_database_says_where_one_comes_from(new_data_dir):
    said = refused("worker", "--data-dir", str(new_data_dir))

    assert said == f"no database: give a --database-url, or start korob serve on {new_data_dir} first"


def test_worlds_are_asked_of_a_running_sandbox_only(closed_port):
    base = f"http://127.0.0.1:{closed_port}"

    said = refused("world", "--url", base, "create")

    assert said == f"nobody answers at {base}: [Errno 111] Connection refused. Start it with: korob serve"


@pytest.mark.parametrize(
    ("variable", "value", "why"),
    [
        ("KOROB_PORT", "http", "the port http can't be used: a number from 0 to 65535"),
        ("KOROB_PORT", "65536", "the port 65536 can't be used: a number from 0 to 65535"),
        ("KOROB_MODE", "testing", "the mode testing is unknown: sandbox or production"),
        ("KOROB_WORKERS", "0", "the number of workers 0 can't be used: a number from 1 to 64"),
        ("KOROB_LOG_LEVEL", "loud", "the log level loud is unknown: debug, info, warning, error"),
        ("KOROB_OPERATION_DELAY", "soon", "the operation delay soon can't be used: a number of seconds"),
        ("KOROB_OPERATOR_TOKEN", "two words", "the token in KOROB_OPERATOR_TOKEN has other characters than a header"),
    ],
)
def test_a_setting_that_makes_no_sense_is_named(variable, value, why):
    assert refused("serve", **{variable: value}).startswith(why)
