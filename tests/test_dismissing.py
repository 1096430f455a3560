"""What the office lets go to nobody is told to whoever waits for it; on PostgreSQL."""

from pathlib import Path

from click.testing import CliRunner

from crm_tui.cli.commands import main
from crm_tui.office import asides
from crm_tui.office.database import Office
from crm_tui.shop.branches import arrivals, grants, transfers
from crm_tui.shop.customers import cards
from crm_tui.shop.items.stock import Goods
from crm_tui.shop.loyalty import points
from tests.shop import ANI, ledgers_add_up
from tests.test_routing import Line, lines, one


def full(office: Office, what: str, line: Line, other: Line, day: str = "-infinity") -> None:
    """Nothing more of it goes on from one branch to another."""
    with office.connected() as own:
        own.execute("INSERT INTO crm.traffic VALUES (%s, %s, %s, %s, 100000)"
                    " ON CONFLICT (branch, other, what, day) DO UPDATE SET rows = 100000",
                    (line.number, other.number, what, day))  # fmt: skip


def dismiss_all(office: Office) -> str:
    told = ""
    for each in asides.look(office):
        words = ["--lang", "id", "--data", str(office.folder.parent), "office", "aside", "dismiss"]
        told += CliRunner().invoke(main, [*words, str(each.number), "--yes"]).output
    return told


def test_goods_that_go_to_nobody(tmp_path: Path) -> None:
    """Goods that the office lets go to nobody have ended for their sender, who reads that none arrived,
    and why, and is to count them; one that went on already is not touched."""
    with lines(tmp_path) as (office, (line, other)):
        transfers.send(line.shop.ctx, other.number, [Goods(6, 1)])
        line.up()
        full(office, "transfers", line, other)
        for pieces in (2, 3):
            transfers.send(line.shop.ctx, other.number, [Goods(6, pieces), Goods(7, 1)])
        line.up()
        with office.connected() as own:
            own.execute("UPDATE crm.odd SET id = 1, rows = 3")
        assert "3 baris" in dismiss_all(office)
        line.down()
        other.down()
        assert [transfers.look(line.shop.ctx, n).ended_at is None for n in (1, 2, 3)] == [
            True, False, False,
        ]  # fmt: skip
        ended = transfers.look(line.shop.ctx, 2)
        assert [(each.arrived, each.missing) for each in ended.lines] == [(0, 2), (0, 1)]
        assert "kantor" in ended.ended_note
        assert line.shop.rows("SELECT id FROM items WHERE recount ORDER BY id") == [
            {"id": 6}, {"id": 7},
        ]  # fmt: skip
        assert other.shop.one("SELECT count(*) FROM arrivals") == 1
        # It went to nobody for good, and the first one is received as ever.
        assert asides.look(office) == []
        line.up()
        arrivals.rest_as_sent(other.shop.ctx, 1)
        arrivals.receive(other.shop.ctx, 1)
        other.up()
        line.down()
        assert transfers.look(line.shop.ctx, 1).lines[0].missing == 0
        for each in (line, other):
            ledgers_add_up(each.shop.ctx)


def test_points_that_go_to_nobody(tmp_path: Path) -> None:
    """A request that the office lets go is answered with none, so that the customer can be asked for
    again; points that were given and let go are back where they were."""
    with lines(tmp_path) as (office, (home, asker)):
        ani = cards.add(home.shop.ctx, cards.Card("Ani", phone=ANI))
        here = cards.add(asker.shop.ctx, cards.Card("Ani", phone=ANI))
        points.give(home.shop.ctx, ani, 30, "")
        for line in (asker, home, asker):
            line.up()
            line.down()
        today = str(one(office, "SELECT crm.today()"))
        full(office, "grant_requests", asker, home, today)
        grants.ask(asker.shop.ctx, here, home.number, 20)
        asker.up()
        dismiss_all(office)
        asker.down()
        home.down()
        assert [each.asked for each in grants.elsewhere(asker.shop.ctx, here)] == [0]
        with office.connected() as own:
            own.execute("DELETE FROM crm.traffic")
        # Asked once more, and answered with what is not what was asked for.
        grants.ask(asker.shop.ctx, here, home.number, 20)
        asker.up()
        home.down()
        with office.connected() as own:
            own.execute("INSERT INTO crm.odd (branch, epoch, ledger, id, why) VALUES"
                        " (%s, 1, 'grants', 1, 'not what was asked for')", (home.number,))  # fmt: skip
            own.execute("INSERT INTO crm.routed VALUES (%s, 1, 'grants', 1)", (home.number,))
        home.up()
        dismiss_all(office)
        for line in (home, asker):
            line.down()
        balances = [
            points.balance(line.shop.ctx, who) for line, who in ((home, ani), (asker, here))
        ]
        assert balances == [30, 0]
        assert [each.asked for each in grants.elsewhere(asker.shop.ctx, here)] == [0]
