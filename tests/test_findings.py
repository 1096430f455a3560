"""Whether all is well: what the checks find, and what `crm-tui check` says of it."""

import json
import re
from collections import namedtuple
from contextlib import closing
from dataclasses import replace
from datetime import timedelta

import pytest

from crm_tui import check_result, sqlite
from crm_tui.check_result import Checked
from crm_tui.clock import SystemClock
from crm_tui.errors import Problem
from crm_tui.i18n import retell, translate
from crm_tui.screens.widgets.dialog import Ask
from crm_tui.shop.backups import making
from crm_tui.shop.checks import integrity
from crm_tui.shop.gate import health
from crm_tui.shop.gate.access import PERMISSIONS
from crm_tui.shop.gate.context import GATEWAY, Context
from crm_tui.shop.gate.errors import NotAllowed
from crm_tui.shop.gate.health import Check, Finding, finding
from crm_tui.shop.gate.table_words import OTHERS, areas
from crm_tui.shop.messages import gateway_state, outbox
from crm_tui.shop.messages.errors import Unexpected
from crm_tui.shop.upkeep import tables
from tests.counter import counter, staff
from tests.peers import run
from tests.shop import ANI, Shop
from tests.test_commands import session


def found(shop: Shop, name: str, *, thorough: bool = False) -> Finding:
    """What the check of this name finds now."""
    findings = health.look(shop.ctx, thorough=thorough)
    return next(each for each in findings if each.name == name)


def say(
    shop: Shop, word: str, line: gateway_state.Line | None = None, error: Problem | None = None
) -> None:
    gateway_state.write(
        shop.ctx.acting(GATEWAY), "kasir, PID 7", "COM3", word, line=line, error=error
    )


def test_each_finding_can_be_told(shop: Shop) -> None:
    """Every check has a title, a state, and a sentence in both languages; no two have a name."""
    findings = health.look(shop.ctx, thorough=True)
    assert {"line", "queue", "clock", "store", "engine", "disk"} <= {each.name for each in findings}
    for each in findings:
        assert each.title
        assert each.sentence
        assert retell(each.sentence, "id")
        assert retell(each.sentence, "en")
        assert each.well or each.advice, each.name
        json.dumps(dict(each.facts))
    assert all(translate(word, "id") != word for word in health.WORDS.values())


def test_what_cannot_be_looked_at_is_said(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    """A check that fails, whatever the reason, is a finding; the others are told all the same."""

    def broken(ctx: Context) -> Finding:
        raise ZeroDivisionError

    def locked(ctx: Context) -> Finding:
        raise Unexpected()

    monkeypatch.setattr(
        health, "checks",
        lambda: (Check("a", "A", broken), Check("b", "B", locked), Check("c", "C", lambda ctx: None)),
    )  # fmt: skip
    assert [(each.name, each.state) for each in health.look(shop.ctx)] == [
        ("a", "unknown"), ("b", "unknown"),
    ]  # fmt: skip


def test_only_who_may(shop: Shop) -> None:
    """Without the permission nothing is told."""
    with pytest.raises(NotAllowed):
        health.look(session(shop, set(PERMISSIONS) - {"health.view"}))


def test_the_line(shop: Shop) -> None:
    """The line is as its worker says, its words with what to do; a weak signal needs a look."""
    assert found(shop, "line").state == "unknown"
    say(shop, "ready", gateway_state.Line(20, "TSEL"))
    assert found(shop, "line").state == "well"
    assert found(shop, "line").facts["signal"] == 65
    say(shop, "ready", gateway_state.Line(3, "TSEL"))
    assert found(shop, "line").state == "attention"
    say(shop, "waiting", error=Unexpected())
    line = found(shop, "line")
    assert (line.state, retell(line.sentence, "en")) == ("bad", Unexpected.text)


def test_a_worker_that_is_silent(shop: Shop) -> None:
    """A worker that said "ready" and nothing for two minutes is not believed; one that ended is."""
    say(shop, "ready")
    assert found(shop, "worker").well
    shop.clock.wait(180)
    assert found(shop, "worker").state == "bad"
    say(shop, "stopped")
    assert "worker" not in {each.name for each in health.look(shop.ctx)}


def test_what_waits_to_go_out(shop: Shop) -> None:
    """SMS that wait too long are bad; those that the staff must decide about need a look."""
    message = outbox.send(shop.ctx, ANI, "Halo")
    assert found(shop, "queue").well
    shop.clock.wait(3600)
    assert found(shop, "queue").state == "bad"
    with shop.ctx.store.transaction() as db:
        db.execute("UPDATE messages SET status = 'failed' WHERE id = ?", (message,))
    assert found(shop, "queue").state == "attention"


def test_the_clock_went_back(shop: Shop) -> None:
    """A clock that stands before what was seen is bad, and the finding says both moments."""
    say(shop, "ready")
    shop.clock.set(shop.clock.now() - timedelta(days=400))
    assert found(shop, "clock").state == "bad"


def test_the_backup(shop: Shop) -> None:
    """Without a good backup, or with an old one, the shop is in danger; a new one is told of."""
    assert found(shop, "backup").state == "bad"
    making.run(shop.ctx, "hand")
    backup = found(shop, "backup")
    assert backup.well
    assert str(backup.facts["file"]).endswith(".db")
    shop.clock.wait(3 * 86_400)
    assert found(shop, "backup").state == "bad"


def test_little_room(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    """A disk that is nearly full is bad before it is full."""
    usage = namedtuple("usage", "total used free")
    for free, state_ in ((10**8, "bad"), (5 * 10**8, "attention"), (10**11, "well")):
        monkeypatch.setattr(
            "crm_tui.shop.upkeep.findings.shutil.disk_usage", lambda _, free=free: usage(1, 1, free)
        )
        assert found(shop, "disk").state == state_


def check(shop: Shop, *words: str) -> tuple[int, str]:
    """`crm-tui check` on this shop, with the simulated modem; its exit status and what it says, and it
    says nothing besides."""
    done = run("--lang", "en", "--data", str(shop.folder), "check", "--port", "sim://", *words)
    assert not done.err
    return done.code, done.out


def test_check_on_the_command_line(shop: Shop) -> None:
    """`check` tries the modem, ends with 1 while something is not well, and says it all in JSON."""
    shop.leave()
    code, out = check(shop, "--format", "json")
    told = json.loads(out)
    assert set(told) == {"state", "well", "at", "findings"}
    line = next(each for each in told["findings"] if each["name"] == "line")
    assert set(line) == {"name", "state", "sentence", "advice", "facts"}
    assert (line["state"], line["facts"]["state"]) == ("well", "tried")
    assert code == (0 if told["well"] else 1)
    assert told["well"] is all(each["state"] == "well" for each in told["findings"])


def test_check_of_what_cannot_be_opened(shop: Shop) -> None:
    """A damaged store is a finding, not an error: programs that watch over the shop read it."""
    shop.leave()
    shop.ctx.store.path.write_bytes(b"SQLite format 3\0" + b"x" * 5000)
    code, out = check(shop, "--format", "json")
    assert code == 1
    assert [(each["name"], each["state"]) for each in json.loads(out)["findings"]] == [
        ("store", "bad")
    ]


def test_accepted_on_the_command_line(shop: Shop) -> None:
    """What another program wrote into the file is told until somebody says that it is right."""
    path = shop.ctx.store.path
    integrity.check(path, SystemClock(), thorough=True, between=lambda: None)
    shop.leave()
    with closing(sqlite.connect(path)) as other:
        other.execute("INSERT INTO settings VALUES ('theirs', '1')")
        other.commit()

    def damage(*words: str) -> str:
        _, out = check(shop, "--format", "json", *words)
        return str({each["name"]: each["state"] for each in json.loads(out)["findings"]}["damage"])

    assert damage() == "bad"
    # Once, and in words: whatever was asked besides warns of it, this tells it.
    _, out = check(shop)
    assert out.count("not as this program wrote") == 1
    assert "There is no good backup" in out
    asked = run("--lang", "en", "--data", str(shop.folder), "report", "stock")
    assert "not as this program wrote" in asked.err
    assert damage("--accept") == "well"
    assert damage() == "well"


@pytest.mark.parametrize("backup", ["", "crm-20261124-010000.db"])
@pytest.mark.parametrize(
    "what",
    [Checked(pages=2), Checked(pages=2, tables=("items",)),
     Checked(structure="items: database disk image is malformed"),
     Checked(structure="*** in database main ***\nPage 9: never used")],
)  # fmt: skip
def test_damage_is_told_in_words(shop: Shop, what: Checked, backup: str) -> None:
    """No sign stands for what is not known, nor does SQLite's English: where it is damaged, and what
    can be done without a backup, is said in the reader's language."""
    check_result.write(shop.ctx.store.path, replace(what, backup=backup))
    told = found(shop, "damage")
    for text in (told.sentence, told.advice):
        said = retell(text, "id")
        assert not re.search(r"\(\W*\)|[?–{}]|malformed|database|Page", said), said
    assert ("barang dan harga" in retell(told.sentence, "id")) == ("items" in str(told.facts))
    assert (backup or "Belum ada cadangan baik") in retell(told.advice, "id")


@pytest.mark.asyncio
async def test_accepted_on_the_screen(shop: Shop) -> None:
    """The key stands there only while there is something to take as it is, and asks first."""
    check_result.write(shop.ctx.store.path, replace(Checked(), pages=2, tables=("settings",)))
    async with counter(shop, staff(shop), painted=False) as here:
        await here.press("e", "x")
        assert isinstance(here.app.screen, Ask)
        await here.press("escape")
        assert check_result.read(shop.ctx.store.path).pages == 2
        await here.press("x", "y")
        await here.until(lambda: check_result.read(shop.ctx.store.path).pages == 0)
        await here.until(lambda: "Terima apa adanya" not in here.text)
        await here.press("x")
        assert not isinstance(here.app.screen, Ask)


def test_what_is_damaged_in_words_of_a_shop() -> None:
    """Each table that holds something of the shop is named by what a shop calls it, each word once."""
    assert all(areas([table]) != OTHERS for table in tables.TABLES)
    text = (
        "The store is damaged ({areas}). It can still be read; nothing is written into it any more."
    )
    told = finding(health.BAD, text, areas=areas(["sales", "payments", "stock", "x"]))
    words = retell(told.sentence, "id")
    assert "(penjualan dan kas, stok, catatan program sendiri)" in words
