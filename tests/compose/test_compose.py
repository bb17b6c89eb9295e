"""The compose file on a real engine, with images that were built before (`make images`)."""

import itertools
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from benchmarks.memory import new_words
from embedded.ports import free_port
from tests.compose.project import FILES, Project, project
from tests.conftest import ROOT
from tests.waiting import until

pytestmark = pytest.mark.timeout(400)

PROFILES = ("monitoring", "proxy", "cli", "trainer", "mlflow")
STORY = (ROOT / "examples" / "immensee.txt").read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Project]:
    """The project as a user starts it."""
    with project("main", tmp_path_factory.mktemp("secrets")) as made:
        made.up()
        yield made


def test_a_german_document_becomes_english(running: Project) -> None:
    running.submit("greeting", "Guten Morgen!\n\nDas ist ein Haus.\n")
    first, blank, second, end = running.text("greeting").split("\n")
    assert "Good morning" in first
    assert "house" in second
    assert (blank, end) == ("", "")


def test_the_command_line_works_in_a_container(running: Project) -> None:
    assert "house" in running.compose(
        "run", "--rm", "--no-TTY", "cli", "submit", "-", "--wait", "--quiet", stdin=b"Das ist ein Haus."
    )


def test_three_translators_share_the_work(running: Project) -> None:
    running.up("--scale", "translator=3")
    running.submit("shared", STORY)
    assert len(running.text("shared")) > len(STORY) / 2
    logs = running.compose("logs", "--no-log-prefix", "translator")
    assert logs.count("translates with de-en-tiny@1") == 3


def test_containers_have_no_rights_that_they_do_not_need(running: Project) -> None:
    for container in running.containers():
        name = container["Name"]
        assert container["HostConfig"]["ReadonlyRootfs"], name
        assert container["HostConfig"]["CapDrop"] == ["ALL"], name
        assert not container["HostConfig"]["Privileged"], name
    for service in ("kafka", "mongo", "segmenter", "translator", "sink", "api"):
        assert running.compose("exec", "--no-TTY", service, "id", "-u").strip() not in ("", "0"), service
        refused = running.compose("exec", "--no-TTY", service, "touch", "/etc/x", check=False)
        assert "Read-only file system" in refused or "Permission denied" in refused, service


def test_only_the_api_can_be_reached_from_outside(running: Project) -> None:
    published = {
        container["Config"]["Labels"]["com.docker.compose.service"]
        for container in running.containers()
        if any(container["NetworkSettings"]["Ports"].values())
    }
    assert published == {"api"}


_OTHERS = """
from pymongo.errors import OperationFailure
from store.driver import login, open_blocking_client
from pipeline.settings import StoreSettings
settings = StoreSettings()
with open_blocking_client(settings.mongodb, **login(settings)) as client:
    print("documents", client[settings.database]["documents"].find_one({}) is not None)
    for forbidden in (lambda: client["other"]["things"].insert_one({}), lambda: client.admin.command("usersInfo")):
        try:
            forbidden()
        except OperationFailure as error:
            print("refused", error.code)
"""


def test_services_may_use_their_own_database_and_nothing_else(running: Project) -> None:
    running.submit("own", "Das ist ein Haus.\n")
    running.text("own")
    for service in ("sink", "api"):
        said = running.compose("exec", "--no-TTY", service, "python", "-c", _OTHERS).split("\n")
        assert said[:3] == ["documents True", "refused 13", "refused 13"]


def test_no_secret_is_seen(running: Project) -> None:
    seen = str(running.containers()) + running.compose("logs")
    for name in ("mongodb_password", "mongodb_services_password", "mongodb_keyfile"):
        assert (running.secrets / name).read_text().strip() not in seen, name


@pytest.fixture(scope="module")
def slow(running: Project) -> Project:
    """The same project with translators that change nothing and take their time."""
    running.up("--scale", "translator=1", SATZSTROM_ENGINE="identity", SATZSTROM_IDENTITY_BATCH_SECONDS="0.05")
    return running


def test_more_translators_join_while_a_document_is_translated(slow: Project) -> None:
    text = STORY * 6
    slow.submit("growing", text)
    until(lambda: slow.translated("growing") > 0, what="the first sentence")
    slow.compose("scale", "translator=4")
    # The longest time without a new sentence.
    longest, last, before = 0.0, time.monotonic(), 0
    while slow.status("growing")["state"] != "done":
        now, count = time.monotonic(), slow.translated("growing")
        if count > before:
            longest, last, before = max(longest, now - last), now, count
        assert now - last < 10, "no sentence for ten seconds"
        time.sleep(0.1)
    status = slow.status("growing")
    assert status["sentences"]["translated"] == status["sentences"]["total"]
    assert slow.text("growing") == text
    print(f"the longest stall was {longest:.1f} s")  # noqa: T201 (a figure for the log)


def test_nothing_is_lost_when_translators_are_killed(slow: Project) -> None:
    text = STORY * 4
    slow.submit("killed", text)
    for count in (50, 400):
        until(lambda count=count: slow.translated("killed") > count, what="some sentences")  # type: ignore[misc]
        slow.compose("kill", "--signal", "KILL", "translator")
        slow.compose("up", "--detach", "--no-build", "--no-deps", "--scale", "translator=4", "translator")
    assert slow.text("killed") == text


def test_nothing_is_lost_when_kafka_and_mongodb_restart(slow: Project) -> None:
    text = STORY * 4
    slow.submit("restarted", text)
    until(lambda: slow.translated("restarted") > 100, what="some sentences")
    slow.compose("restart", "--timeout", "20", "kafka", "mongo")
    assert slow.text("restarted", within=180) == text
    slow.submit("after", "Danach geht es weiter.")
    assert slow.text("after") == "Danach geht es weiter."


def test_no_service_outgrows_its_memory(slow: Project) -> None:
    """Words that are ever new, text without an end, lines without text: under limits that the kernel keeps."""
    slow.up("--scale", "translator=1", SATZSTROM_IDENTITY_BATCH_SECONDS="0")
    texts = {
        "words": b"".join(new_words(8_000_000, 2)).decode(),
        "endless": "ö" * 2_000_000,
        "empty": "\n" * 1_000_000 + "Ende.",
    }
    for name, text in texts.items():
        slow.submit(name, text)
    for name, text in texts.items():
        assert slow.text(name, within=240) == text
    for container in slow.containers("kafka", "mongo", "segmenter", "translator", "sink", "api"):
        service = container["Config"]["Labels"]["com.docker.compose.service"]
        limit = slow.memory(service, "memory.max", "memory.limit_in_bytes")
        assert 0 < int(limit) == container["HostConfig"]["Memory"], service
        assert "oom_kill 0\n" in slow.memory(service, "memory.events", "memory.oom_control"), service
        peak = slow.memory(service, "memory.peak", "memory.max_usage_in_bytes")
        print(f"{service}: {int(peak) / 2**20:.0f} of {int(limit) / 2**20:.0f} MiB at most, caches of files included")  # noqa: T201 (as above)


@pytest.mark.parametrize("files", [FILES[:1], *([FILES[0], other] for other in FILES[1:])], ids=lambda files: files[-1])
@pytest.mark.parametrize(
    "profiles",
    [chosen for size in (0, 1, 5) for chosen in itertools.combinations(PROFILES, size)],
    ids="+".join,
)
def test_every_combination_of_files_and_profiles_is_valid(
    files: list[str], profiles: tuple[str, ...], tmp_path: Path
) -> None:
    arguments = [argument for name in files for argument in ("-f", name)]
    arguments += [argument for name in profiles for argument in ("--profile", name)]
    servers = {"SATZSTROM_KAFKA": "kafka.example.org:9092", "SATZSTROM_MONGODB": "mongodb://mongo.example.org"}
    servers |= {"SATZSTROM_OPENAI_URL": "http://models.example.org/v1", "SATZSTROM_OPENAI_MODEL": "some"}
    servers |= {"SATZSTROM_MODEL_SOURCES": "mlflow:/german@champion"}
    assert Project("config", tmp_path, 18299, servers).compose(*arguments, "config", "--quiet") == ""


def test_services_work_with_servers_that_are_there_already(running: Project, tmp_path: Path) -> None:
    """Those of another project stand for them: its network is the way to them."""
    network = tmp_path / "network.yml"
    network.write_text(f"networks: {{inner: {{external: true, name: {running.name}_inner}}}}\n", encoding="utf-8")
    servers = {
        "SATZSTROM_KAFKA": "kafka:9092",
        "SATZSTROM_MONGODB": "mongodb://mongo:27017/?replicaSet=satzstrom&authSource=admin",
        "SATZSTROM_MONGODB_USER": "services",
        "SATZSTROM_MONGODB_PASSWORD_FILE": "/run/secrets/mongodb_services_password",
        "SATZSTROM_REPLICATION": "1",
        "COMPOSE_FILE": f"docker-compose.yml:compose.external.yml:{network}",
        "SATZSTROM_ENGINE": "identity",
    }
    other = Project(f"{running.name}-external", running.secrets, free_port(18300, set()), servers)
    try:
        other.up()
        services = {one["Config"]["Labels"]["com.docker.compose.service"] for one in other.containers()}
        assert services == {"topics", "segmenter", "translator", "sink", "api"}
        other.submit("external", "Das steht bei den anderen.")
        assert other.text("external") == "Das steht bei den anderen."
    finally:
        other.compose("down", "--timeout", "10")


@pytest.mark.parametrize(
    ("environment", "service", "message"),
    [
        ({"SATZSTROM_ENGINE": "babelfish"}, "translator", "SATZSTROM_ENGINE: Input should be 'ctranslate2'"),
        (
            {"SATZSTROM_MODELS": "/nowhere", "SATZSTROM_ENGINE": "ctranslate2"},
            "translator",
            "no model for the ctranslate2 engine in /nowhere",
        ),
        ({"SATZSTROM_KAFKA": "nobody:9092", "SATZSTROM_START_TIMEOUT": "3"}, "translator", "Kafka at nobody:9092"),
        (
            {"SATZSTROM_MONGODB_PASSWORD_FILE": "/nowhere"},
            "sink",
            "SATZSTROM_MONGODB_PASSWORD_FILE: cannot read /nowhere",
        ),
        ({"SATZSTROM_API_KEYS_FILE": "/nowhere"}, "api", "SATZSTROM_API_KEYS_FILE: cannot read /nowhere"),
    ],
    ids=lambda value: value if isinstance(value, str) and "/" not in value and " " not in value else "",
)
def test_bad_settings_are_said_in_one_line(
    running: Project, environment: dict[str, str], service: str, message: str
) -> None:
    settings = [argument for name, value in environment.items() for argument in ("--env", f"{name}={value}")]
    output = running.compose("run", "--rm", "--no-TTY", "--no-deps", *settings, service, check=False)
    assert message in output
    assert "Traceback" not in output
    lines = [line for line in output.splitlines() if "ERROR" in line]
    assert len(lines) == 1, output


def test_a_missing_secret_is_said_before_anything_starts(tmp_path: Path) -> None:
    with project("bare", tmp_path / "secrets") as bare:
        (bare.secrets / "mongodb_services_password").unlink()
        output = bare.compose("up", "--detach", "--no-build", "--no-deps", "sink", check=False)
        assert "mongodb_services_password" in output


def test_a_service_that_cannot_work_does_not_storm(running: Project) -> None:
    running.environment["SATZSTROM_ENGINE"] = "babelfish"
    try:
        running.compose(
            "up", "--detach", "--no-build", "--no-deps", "--scale", "translator=1", "translator", check=False
        )
        # Not a wait for something: what matters is how often it starts in this time.
        time.sleep(15)
        (container,) = running.containers("translator")
        # The engine waits twice as long after each failure.
        assert 1 <= container["RestartCount"] <= 10
    finally:
        running.environment["SATZSTROM_ENGINE"] = "identity"
        running.compose("up", "--detach", "--no-build", "--no-deps", "translator")
