"""PostgreSQL: what its connections are set to, and what its failures are turned into."""

import socket
import threading
import traceback
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import urlsplit

import psycopg
import pytest
from psycopg.adapt import AdaptersMap, PyFormat, Transformer
from psycopg.types.array import ListBinaryDumper
from sqlalchemy import make_url

from monitor.pipeline.indexing import ANALYSIS
from storage.admin.engine import SqlStorage, open_storage
from storage.api.errors import StorageError, StoreLost
from storage.api.outbox import Finish
from storage.api.storage import Transaction
from storage.model import ChannelState, DeliveryState, Fingerprint, RuleState, stable_id
from tests.builders import LEASE, NOON, a_channel, a_delivery, a_rule, a_source, an_article, given

pytestmark = pytest.mark.postgres

SELF = "SELECT pg_backend_pid()"


@pytest.fixture
def storage(migrated_postgres_url: str) -> Iterator[SqlStorage]:
    opened = open_storage(migrated_postgres_url)
    yield opened
    opened.close()


@pytest.fixture
def admin(migrated_postgres_url: str) -> Iterator[psycopg.Connection[Any]]:
    with psycopg.connect(migrated_postgres_url, autocommit=True) as connection:
        yield connection


def raw(tx: Transaction, statement: str) -> Any:
    """Run a statement on the transaction's connection; return its first value."""
    result = tx._connection.exec_driver_sql(statement)  # type: ignore[attr-defined]
    return result.scalar() if result.returns_rows else None


def test_every_connection_is_set_up(storage: SqlStorage) -> None:
    wanted = {
        "statement_timeout": "30s",
        "idle_in_transaction_session_timeout": "1min",
        "timezone": "UTC",
        "client_encoding": "UTF8",
        "jit": "off",
        "application_name": "newsroom-monitor",
    }
    for use, isolation in (
        (storage.transaction, "read committed"),
        (storage.reading, "repeatable read"),
        (storage.transaction, "read committed"),
    ):
        with use() as tx:
            assert {name: raw(tx, f"SHOW {name}") for name in wanted} == wanted
            assert raw(tx, "SHOW transaction_isolation") == isolation


@pytest.mark.parametrize(
    "values",
    [["a", "", "ä" * 300], ["a", None], [1, 2**40], [True, False], [b"", b"\0x"], [NOON, NOON], []],
    ids=repr,
)
def test_arrays_are_written_as_the_driver_writes_them(values: list[Any]) -> None:
    def written(registered: AdaptersMap) -> object:
        transformer = Transformer(registered)
        return transformer.get_dumper(values, PyFormat.BINARY).dump(values)

    drivers = AdaptersMap(psycopg.adapters)
    drivers.register_dumper(list, ListBinaryDumper)
    assert written(psycopg.adapters) == written(drivers)


def test_pages_of_the_search_index_are_kept_whole(migrated_postgres_url: str) -> None:
    storage = open_storage(migrated_postgres_url, analysis=ANALYSIS)
    words = " ".join(f"word{number * 7919 % 100_003}" for number in range(5_000))
    given(storage, a_source(), an_article("Rail strike", text=words))
    with storage.reading() as tx:
        longest = raw(tx, "SELECT max(length(bytes)) FROM article_page")
        assert longest > 7_900
        pieces = "SELECT pg_relation_size(reltoastrelid) FROM pg_class"
        assert raw(tx, f"{pieces} WHERE oid = 'article_page'::regclass") == 0
    storage.close()


def test_no_two_segments_get_one_number(migrated_postgres_url: str) -> None:
    several = [open_storage(migrated_postgres_url) for _ in range(2)]

    def numbers(storage: SqlStorage) -> list[int]:
        with storage.transaction() as tx:
            return [storage._backend.next_segment(tx._connection) for _ in range(20)]

    with ThreadPoolExecutor(4) as pool:
        found = [number for some in pool.map(numbers, several * 2) for number in some]
    assert len(set(found)) == len(found) == 80
    for storage in several:
        storage.close()


def test_no_kept_plan_of_what_stores_articles_reads_a_whole_table(
    migrated_postgres_url: str,
) -> None:
    """While tables are new and nothing is analysed, as in the first minutes of a database."""
    storage = open_storage(migrated_postgres_url, analysis=ANALYSIS)
    given(storage, a_source())
    for start in range(0, 2_100, 35):
        some = [an_article(f"Rail strike {number}") for number in range(start, start + 35)]
        prints = [
            (each, (Fingerprint(key=stable_id("url", each.id), kind="url"),)) for each in some
        ]
        with storage.transaction() as tx:
            tx.articles.known([print_.key for _, (print_,) in prints])
            tx.articles.add(prints, now=NOON)
        with storage.transaction() as tx:
            assert len(tx.articles.some([each.id for each in some])) == len(some)
            edited = replace(some[0], text="Trains run again.")
            tx.articles.revise(edited, now=NOON)
    # As one who writes: a plan that the server's own ANALYZE has thrown away is made here anew.
    with storage.transaction() as tx:
        kept = tx._connection.exec_driver_sql(  # type: ignore[attr-defined]
            "SELECT name, statement, cardinality(parameter_types) FROM pg_prepared_statements "
            "WHERE generic_plans > 0 AND NOT from_sql"
        ).all()
        seen = set()
        for name, statement, count in kept:
            values = f"({', '.join(['NULL'] * count)})" if count else ""
            explain = f"EXPLAIN EXECUTE {name}{values}"
            plan = tx._connection.exec_driver_sql(explain).scalars().all()  # type: ignore[attr-defined]
            assert not [line for line in plan if "Seq Scan" in line], statement
            seen.add(statement.split()[0])
    assert {"SELECT", "UPDATE", "DELETE"} <= seen
    storage.close()


def test_only_what_writes_is_kept_from_reading_whole_tables_unless_that_is_what_it_does(
    storage: SqlStorage,
) -> None:
    with storage.reading() as tx:
        assert raw(tx, "SHOW enable_seqscan") == "on"
        tx.articles.known(["key"])  # as who writes does, on the same connections: with its plan
        assert raw(tx, "SHOW enable_seqscan") == "off"
    with storage.transaction() as tx:
        assert raw(tx, "SHOW enable_seqscan") == "off"
        tx.pruning.forget(before=NOON)
        assert raw(tx, "SHOW enable_seqscan") == "on"
    with storage.transaction() as tx:
        assert raw(tx, "SHOW enable_seqscan") == "off"


def test_what_the_url_says_about_connecting_counts_more(migrated_postgres_url: str) -> None:
    sign = "&" if "?" in migrated_postgres_url else "?"
    more = "application_name=mine&options=-c%20statement_timeout%3D7s"
    storage = open_storage(f"{migrated_postgres_url}{sign}{more}")
    with storage.transaction() as tx:
        assert raw(tx, "SHOW application_name") == "mine"
        assert raw(tx, "SHOW statement_timeout") == "7s"
        assert raw(tx, "SHOW timezone") == "UTC"
    storage.close()


def test_the_short_scheme_is_understood(migrated_postgres_url: str) -> None:
    open_storage(migrated_postgres_url.replace("postgresql://", "postgres://")).close()


def test_a_cut_connection_is_told_and_the_next_transaction_has_a_new_one(
    storage: SqlStorage, admin: psycopg.Connection[Any]
) -> None:

    def cut_in_the_middle() -> None:
        with storage.transaction() as tx:
            tx.sources.add(a_source())
            admin.execute("SELECT pg_terminate_backend(%s)", (raw(tx, SELF),))
            tx.sources.all()

    with pytest.raises(StorageError) as raised:
        cut_in_the_middle()
    assert raised.value.retry
    with storage.reading() as tx:
        assert tx.sources.all() == []
    given(storage, a_source())


def test_a_connection_that_is_cut_before_the_commit_is_told(
    storage: SqlStorage, admin: psycopg.Connection[Any]
) -> None:

    def cut_at_the_end() -> None:
        with storage.transaction() as tx:
            tx.sources.add(a_source())
            admin.execute("SELECT pg_terminate_backend(%s)", (raw(tx, SELF),))

    with pytest.raises(StorageError) as raised:
        cut_at_the_end()
    assert raised.value.retry


def test_idle_connections_that_were_cut_are_replaced_unseen(
    storage: SqlStorage, admin: psycopg.Connection[Any]
) -> None:
    given(storage, a_source())
    admin.execute(
        "SELECT pg_terminate_backend(pid, 10000) FROM pg_stat_activity "
        "WHERE datname = current_database() AND pid <> pg_backend_pid()"
    )
    with storage.reading() as tx:
        assert tx.sources.all() == [a_source()]


def say(storage: SqlStorage, *statements: str) -> None:
    with storage.transaction() as tx:
        for statement in statements:
            raw(tx, statement)


def test_a_statement_that_takes_too_long_is_told(storage: SqlStorage) -> None:
    with pytest.raises(StorageError, match="timeout") as raised:
        say(storage, "SET LOCAL statement_timeout = 20", "SELECT pg_sleep(10)")
    assert raised.value.retry


def test_a_deadlock_is_told_to_one_of_the_two(storage: SqlStorage) -> None:
    given(storage, a_source("A"), a_source("B"))
    both_hold = threading.Barrier(2)

    def cross(first: str, second: str) -> bool | None:
        try:
            with storage.transaction() as tx:
                raw(tx, "SET LOCAL deadlock_timeout = '20ms'")
                tx.sources.update(a_source(first, failures=1))
                both_hold.wait(60)
                tx.sources.update(a_source(second, failures=1))
        except StorageError as error:
            return error.retry
        return None

    with ThreadPoolExecutor(2) as pool:
        ends = [pool.submit(cross, *pair).result for pair in ("AB", "BA")]
        assert sorted(str(end()) for end in ends) == ["None", "True"]


def test_a_database_that_is_read_only_for_now_is_told(storage: SqlStorage) -> None:
    with pytest.raises(StorageError, match="can only be read: it is a standby, or") as raised:
        say(storage, "SET TRANSACTION READ ONLY", "DELETE FROM source")
    assert raised.value.retry


def test_nothing_is_written_past_a_server_that_lets_nobody_write(
    storage: SqlStorage, admin: psycopg.Connection[Any]
) -> None:
    given(storage, a_source("A"))
    admin.execute("SET default_transaction_read_only = off")
    name = admin.info.dbname
    others = "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity WHERE datname = %s"
    admin.execute(f'ALTER DATABASE "{name}" SET default_transaction_read_only = on')
    admin.execute(f"{others} AND pid <> pg_backend_pid()", [name])
    for _ in range(2):  # on a connection that has read, too
        with storage.reading() as tx:
            [source] = tx.sources.all()
        with (
            pytest.raises(StorageError, match="can only be read"),
            storage.transaction() as tx,
        ):
            tx.sources.update(replace(source, failures=7))
    admin.execute(f'ALTER DATABASE "{name}" RESET default_transaction_read_only')
    admin.execute(f"{others} AND pid <> pg_backend_pid()", [name])
    with storage.transaction() as tx:
        tx.sources.update(replace(source, failures=7))


def test_the_time_is_the_servers(storage: SqlStorage) -> None:
    backend: Any = storage._backend
    assert abs(storage.now() - datetime.now(UTC)) < timedelta(seconds=5)
    instant, ticks_s = backend._measured
    backend._measured = (instant + timedelta(hours=3), ticks_s)  # as if our own clock were wrong
    step = storage.shared_clock_step()
    assert step is not None
    assert abs(step - timedelta(hours=3)) < timedelta(seconds=5)
    assert abs(storage.now() - datetime.now(UTC)) < timedelta(seconds=5)  # not yet followed
    assert storage.shared_clock_jumped(step)
    assert storage.now() > datetime.now(UTC) + timedelta(hours=2)
    backend._measured = (instant + timedelta(hours=3), ticks_s - 61)  # old: measured again
    storage.shared_clock_jumped(-step)
    assert abs(storage.now() - datetime.now(UTC)) < timedelta(seconds=5)


def test_time_goes_on_while_the_server_cannot_be_asked(storage: SqlStorage) -> None:
    storage.now()
    backend: Any = storage._backend
    instant, ticks_s = backend._measured
    backend._measured = (instant, ticks_s - 3_600)
    backend._url = backend._url.set(database="gone")
    for _ in range(2):
        assert timedelta(minutes=59) < backend._server_time() - instant < timedelta(minutes=61)
    assert backend._measured[0] > instant + timedelta(minutes=59)  # not asked again at once


def closed_port() -> int:
    with socket.socket() as server:
        server.bind(("127.0.0.1", 0))
        return int(server.getsockname()[1])


SECRET = "s3cr3t-ü/pass"
QUOTED = "s3cr3t-%C3%BC%2Fpass"


@pytest.mark.parametrize(
    ("url", "says", "retry"),
    [
        ("postgresql://me:{q}@127.0.0.1:{port}/db", "refused", True),
        ("postgresql://127.0.0.1:{port}/db?user=me&password={q}", "refused", True),
        ("postgresql://me:{q}@no-such-host.invalid/db", "no-such-host", True),
        ("postgresql://me:s3cr3t#x@host/db", "cannot be read|percent codes|resolve", None),
        ("postgresql://me:s3cr3t@x/y@host/db", "percent codes", False),
        ("postgresql://me:s3cr3t@x@y@/db", "percent codes", False),
        ("postgresql://me:{q}@127.0.0.1:port/db", "cannot be read", False),
        ("mysql://me:{q}@127.0.0.1/db", "unknown kind", False),
        ("s3cr3t", "cannot be read", False),
        ("postgresql://me:{q}@127.0.0.1:{port}/db?keepalives=s3cr3t", "keepalives", None),
    ],
)
def test_no_way_to_fail_shows_the_password(url: str, says: str, retry: bool | None) -> None:
    with pytest.raises(StorageError, match=says) as raised:
        open_storage(url.format(q=QUOTED, port=closed_port()))
    told = "".join(traceback.format_exception(raised.value))
    assert "s3cr3t-" not in told
    assert "s3cr3t@" not in str(raised.value)
    assert retry in (None, raised.value.retry)


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"path": "/no_such_database"}, "does not exist"),
        ({"netloc": "no_such_user@"}, "does not exist"),
    ],
)
def test_what_cannot_get_better_by_itself_is_not_to_be_retried(
    postgres_server: str, change: dict[str, str], says: str
) -> None:
    if urlsplit(postgres_server).hostname:  # a given server: keep how to reach it
        change.pop("netloc", None)
        change["path"] = "/no_such_database"
    url = urlsplit(postgres_server)._replace(**change).geturl()
    with pytest.raises(StorageError, match=says) as raised:
        open_storage(url)
    assert not raised.value.retry


def test_a_password_in_the_drivers_words_is_masked(migrated_postgres_url: str) -> None:
    parts = urlsplit(migrated_postgres_url)
    netloc = parts.netloc.rpartition("@")[2]
    user = (parts.username or "postgres") + ":hunter2x"
    storage = open_storage(parts._replace(netloc=f"{user}@{netloc}").geturl())
    with pytest.raises(StorageError) as raised, storage.transaction() as tx:
        raw(tx, "SELECT hunter2x")
    assert "hunter2x" not in "".join(traceback.format_exception(raised.value))
    storage.close()


def test_a_backup_is_left_to_the_servers_own_means(storage: SqlStorage, tmp_path: Any) -> None:
    with pytest.raises(StorageError, match="pg_dump"):
        storage.backup(tmp_path / "x")


def test_a_server_that_may_forget_commits_is_a_problem(
    storage: SqlStorage, migrated_postgres_url: str
) -> None:
    sign = "&" if "?" in migrated_postgres_url else "?"
    careless = open_storage(f"{migrated_postgres_url}{sign}options=-c%20synchronous_commit%3Doff")
    (problem,) = careless.problems()
    assert "synchronous_commit is off" in problem
    careless.close()
    assert storage.problems() == []


def test_what_waits_too_long_for_a_lock_says_where_to_look(
    storage: SqlStorage, admin: psycopg.Connection[Any]
) -> None:
    with admin.transaction():
        admin.execute("LOCK TABLE source IN ACCESS EXCLUSIVE MODE")
        with pytest.raises(StorageError, match=r"somebody holds a lock, .*57014") as raised:
            say(storage, "SET LOCAL statement_timeout = 50", "SELECT count(*) FROM source")
    assert raised.value.retry


def test_a_role_without_rights_is_told_what_it_lacks_and_an_owner_needs_no_more(
    postgres_url: str,
) -> None:
    role = "without_rights"
    as_role = make_url(postgres_url).set(username=role, password="w").render_as_string(False)
    with psycopg.connect(postgres_url, autocommit=True) as admin:
        admin.execute(f"CREATE ROLE {role} LOGIN PASSWORD 'w'".encode())
        try:
            with pytest.raises(StorageError, match=r"must own the database .*42501") as raised:
                open_storage(as_role)
            assert not raised.value.retry
            admin.execute(f"ALTER DATABASE {admin.info.dbname} OWNER TO {role}".encode())
            open_storage(as_role).close()
        finally:
            admin.execute(f"REASSIGN OWNED BY {role} TO CURRENT_USER; DROP ROLE {role}".encode())


def test_a_server_on_which_nothing_can_be_written_is_a_problem(
    migrated_postgres_url: str,
) -> None:
    sign = "&" if "?" in migrated_postgres_url else "?"
    only_reads = "options=-c%20default_transaction_read_only%3Don"
    storage = open_storage(f"{migrated_postgres_url}{sign}{only_reads}")
    (problem,) = storage.problems()
    assert "can only be read: it is a standby, or" in problem
    storage.close()


def test_hot_questions_can_use_their_partial_index(
    storage: SqlStorage, admin: psycopg.Connection[Any]
) -> None:
    given(storage, an_article())
    with storage.transaction() as tx:
        raw(tx, "SET LOCAL enable_seqscan = off")
        raw(tx, "SET LOCAL enable_sort = off")  # of an empty table any index is as good
        plan = tx._connection.exec_driver_sql(  # type: ignore[attr-defined]
            "EXPLAIN SELECT id FROM delivery WHERE delivery.state = 'pending' "
            "AND channel_id = 'x' AND next_at <= now() ORDER BY next_at, created_at, id LIMIT 64"
        ).all()
    said = " ".join(row[0] for row in plan)
    assert "delivery_due" in said
    assert "Sort" not in said


def test_who_changes_several_rules_meets_no_deadlock(
    storage: SqlStorage, admin: psycopg.Connection[Any]
) -> None:
    one, two = a_rule("one"), a_rule("two")
    given(storage, one, two)

    def change_the_second() -> None:
        with storage.transaction() as tx:
            tx.rules.set_state(two.id, RuleState.PAUSED)

    waiting = (
        "SELECT count(*) FROM pg_stat_activity "
        "WHERE datname = current_database() AND wait_event_type = 'Lock'"
    )
    with ThreadPoolExecutor(1) as pool:
        with storage.transaction() as tx:
            raw(tx, "SET LOCAL deadlock_timeout = '20ms'")
            tx.rules.set_state(one.id, RuleState.PAUSED)
            changing = pool.submit(change_the_second)
            while admin.execute(waiting).fetchall() == [(0,)]:
                assert not changing.done()
            tx.rules.set_state(two.id, RuleState.REMOVED)
        changing.result(60)


def test_claims_at_once_pass_over_each_other_without_waiting(storage: SqlStorage) -> None:
    given(storage, *(a_delivery(subject=name) for name in "abc"), a_source("A"), a_source("B"))
    claim: dict[str, Any] = {"now": NOON, "lease": LEASE, "owner": "me"}
    with storage.transaction() as one, storage.transaction() as two:
        raw(two, "SET LOCAL lock_timeout = '2s'")
        (first,) = one.outbox.claim_due({a_channel().id: 1}, **claim)
        (second,) = two.outbox.claim_due({a_channel().id: 1}, **claim)
        assert first.id != second.id
        (early,) = one.sources.claim_due(limit=1, **claim)
        (late,) = two.sources.claim_due(limit=1, **claim)
        assert early.id != late.id


@pytest.mark.parametrize("writing", ["owing", "finishing", "reaping"])
def test_who_removes_a_channel_sees_what_becomes_pending_at_that_moment(
    storage: SqlStorage, admin: psycopg.Connection[Any], writing: str
) -> None:
    delivery = a_delivery(subject="a")
    given(storage, a_channel())
    if writing != "owing":
        given(storage, delivery)
        with storage.transaction() as tx:
            claim: dict[str, Any] = {"now": NOON, "lease": LEASE, "owner": "me"}
            (delivery,) = tx.outbox.claim_due({a_channel().id: 1}, **claim)

    def remove() -> int:
        with storage.transaction() as tx:
            tx.channels.set_state(a_channel().id, ChannelState.REMOVED, reason=None)
            return tx.outbox.hold(a_channel().id, reason="removed")

    again = Finish(state=DeliveryState.PENDING, outcome="retry", ended_at=NOON, next_at=NOON)
    waiting = (
        "SELECT count(*) FROM pg_stat_activity "
        "WHERE datname = current_database() AND wait_event_type = 'Lock'"
    )
    with ThreadPoolExecutor(1) as pool:
        with storage.transaction() as tx:
            if writing == "owing":
                tx.channels.lock([a_channel().id])
                tx.outbox.put([delivery])
            elif writing == "finishing":
                assert tx.outbox.finish(delivery, again)
            else:
                assert tx.outbox.reap(now=NOON, dead_owners=["me"]) == 1
            removing = pool.submit(remove)
            while admin.execute(waiting).fetchall() == [(0,)]:
                assert not removing.done()
        assert removing.result(60) == 1
    with storage.reading() as tx:
        held = tx.outbox.get(delivery.id)
    assert held is not None
    assert held.state is DeliveryState.HELD


def test_a_server_that_is_not_there_is_named_with_its_port() -> None:
    with pytest.raises(StorageError, match=r'database "news" at db\.invalid:5432: '):
        open_storage("postgresql://me:secret@db.invalid/news")


def test_another_database_under_the_same_name_is_not_taken_for_ours(
    postgres_url: str, postgres_server: str
) -> None:
    storage = open_storage(postgres_url)
    storage.check()
    name = urlsplit(postgres_url).path.lstrip("/")
    with psycopg.connect(postgres_server, autocommit=True) as server:
        server.execute(f'DROP DATABASE "{name}" WITH (FORCE)'.encode())
        server.execute(f'CREATE DATABASE "{name}"'.encode())
    with pytest.raises(StoreLost, match="another database has the name"):
        storage.check()
    storage.close()
