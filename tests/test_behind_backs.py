"""What staff could do behind somebody's back: that of a customer, who counts on being told, or of the
shop."""

from collections.abc import Callable
from dataclasses import replace

import pytest

from crm_tui.screens.customers.people import CustomersScreen
from crm_tui.screens.reports.report import ReportScreen
from crm_tui.shop.customers import cards, merging, people
from crm_tui.shop.customers.cards import Card
from crm_tui.shop.gate import access, settings, undo
from crm_tui.shop.gate.context import Context, Permit
from crm_tui.shop.gate.errors import AboveCeiling, NotAllowed, SessionEnded, TooLateToUndo
from crm_tui.shop.imports import customers as import_customers
from crm_tui.shop.imports import staging
from crm_tui.shop.loyalty import points
from crm_tui.shop.overview import customer as overview
from crm_tui.shop.reports import registry
from crm_tui.shop.reports.base import Wanted
from crm_tui.shop.sales import drawer, receipt, receivables, z_report
from crm_tui.shop.users import accounts, login, roles
from crm_tui.shop.users.errors import TooManyTries, WrongLogin, WrongOldPassword
from tests.counter import PASSWORD, counter, staff
from tests.day import money_adds_up
from tests.shop import ANI, BUDI, CITRA, Shop
from tests.test_out_of_turn import CLERK, clerks, notices
from tests.test_permits import permitted, person, sale

RIGHTS = (*CLERK, "customers.edit", "customers.merge", "sales.points")


def test_a_number_is_not_exchanged_unseen(shop: Shop) -> None:
    """Whose number is taken away is told there, so that nobody puts another one in its place and is
    told instead of the customer; a slip that is put right at once tells nobody."""
    clerk = person(shop, "sari", RIGHTS)
    ada = cards.add(shop.ctx, Card("Ada", phone=ANI))
    points.give(shop.ctx, ada, 500, "hadiah")
    shop.clock.wait(3600)
    cards.remove_phone(clerk, ada, ANI)
    told = notices(shop)
    assert [phone for phone, _ in told] == [ANI]
    assert ANI[-4:] in told[0][1]
    cards.add_phone(clerk, ada, CITRA)
    assert [phone for phone, _ in notices(shop)] == [CITRA]
    cards.add_phone(clerk, ada, BUDI)
    assert [phone for phone, _ in notices(shop)] == [CITRA]
    shop.clock.wait(60)
    cards.remove_phone(clerk, ada, BUDI)
    assert notices(shop) == []
    assert shop.one("SELECT max(segments) FROM messages WHERE direction = 'out'") == 1


def test_a_card_without_a_number_hides_no_merge(shop: Shop) -> None:
    """Whoever is merged into a card without a number is told; whoever gets what such a card held is
    not, for nothing of theirs went anywhere."""
    clerk = person(shop, "sari", RIGHTS)
    ada = cards.add(shop.ctx, Card("Ada", phone=ANI))
    nobody, another = cards.add(clerk, Card("Entah")), cards.add(clerk, Card("Lama"))
    merging.merge(clerk, ada, another)
    assert notices(shop) == []
    merging.merge(clerk, nobody, ada)
    told = notices(shop)
    assert [phone for phone, _ in told] == [ANI]
    assert "belum bernomor" in told[0][1]


def test_merges_are_undone_from_the_last_one(shop: Shop) -> None:
    """Of two merges by two people, of which one took the other's customer along, the first is not
    undone before the second; then both come apart as they were."""
    sari, tono = person(shop, "sari", RIGHTS), person(shop, "tono", RIGHTS)
    ada, eka, ida = (
        cards.add(shop.ctx, Card(name, phone=phone))
        for name, phone in (("Ada", ANI), ("Eka", BUDI), ("Ida", CITRA))
    )
    merging.merge(sari, ada, eka)
    merging.merge(tono, ida, ada)
    first, second = undo.last(sari), undo.last(tono)
    assert first is not None
    assert second is not None
    with pytest.raises(TooLateToUndo):
        undo.undo(sari, first.id)
    undo.undo(tono, second.id)
    undo.undo(sari, first.id)
    assert [people.phones(shop.ctx, each) for each in (ada, eka, ida)] == [[ANI], [BUDI], [CITRA]]


def test_a_file_gives_nobody_a_number(shop: Shop) -> None:
    """A file that adds a number to a customer who is there already, of which nobody is told, needs the
    right of merging; new customers do not."""
    cards.add(shop.ctx, Card("Ada", phone=ANI))
    clerk = person(shop, "sari", (*CLERK, "customers.edit"))

    def taken_in(ctx: Context, name: str, numbers: str) -> None:
        file = shop.folder / "pelanggan.csv"
        file.write_text(f"Nama,No. HP\n{name},{numbers}\n")
        staging.merge(ctx, staging.stage(ctx, import_customers.KIND, file))

    taken_in(clerk, "Eka", BUDI)
    with pytest.raises(NotAllowed):
        taken_in(clerk, "Ada", f"{ANI} / {CITRA}")
    assert people.by_phone(shop.ctx, CITRA) is None


def test_a_repayment_is_undone_within_the_ceiling(shop: Shop) -> None:
    """Money that goes out by undoing repayments of a sale needs the right to pay back, so far as it
    goes in all, and is counted among the exceptions."""
    ada = cards.add(shop.ctx, Card("Ada", credit_limit=10**6))
    rights = (*CLERK, "sales.repay", "sales.credit")
    clerk = person(shop, "sari", rights, {"sales.return": 20_000})
    without = person(shop, "tono", [each for each in rights if each != "sales.return"])
    sale(clerk, method="account", who=ada, count=5)
    receivables.repay(clerk, ada, 15_000, "cash")
    small = undo.last(clerk)
    assert small is not None
    undo.undo(clerk, small.id)
    receivables.repay(clerk, ada, 50_000, "cash")
    step = undo.last(clerk)
    assert step is not None
    with pytest.raises(AboveCeiling) as refused:
        undo.undo(clerk, step.id)
    assert refused.value.params["amount"] == 65_000
    with pytest.raises(NotAllowed) as unseen:
        undo.undo(without, step.id)
    # Whoever permits it sees how much it is.
    assert unseen.value.params["amount"] == 65_000
    told = clerks(shop)["sari"]
    assert (told["repayments_undone"], told["undone"]) == (1, 15_000)
    money_adds_up(shop.ctx)


def test_no_paper_cuts_a_text(shop: Shop) -> None:
    """A long name of the shop, a drawer's note, and what is told of one that is counted blind stand
    whole on the paper, each line within it."""
    long = "Sumber Rezeki Sparepart Motor dan Mobil Palembang"
    shop.set(settings.SHOP_NAME, long)
    clerk = person(shop, "sari", (*CLERK, "drawer.close"))
    sold = sale(clerk, count=1)
    papers = [(z_report.text(clerk, 1), "Isi laci dicetak setelah dihitung.")]
    now = drawer.current(clerk)
    assert now is not None
    drawer.close(clerk, {"cash": 10_000}, now, note="uang receh dua plastik di bawah meja kasir")
    papers += [
        (z_report.text(shop.ctx, 1), "receh dua plastik di bawah meja"),
        (receipt.text(shop.ctx, sold), "TOTAL"),
    ]
    for paper, words in papers:
        assert max(map(len, paper.splitlines())) <= 32
        assert long in " ".join(paper.split())
        assert words in " ".join(paper.split())


def test_no_paper_tells_what_should_be_there(shop: Shop) -> None:
    """Who counts blind reads the sums of the open drawer on no slip and in no report of drawers."""
    clerk = person(shop, "sari", (*CLERK, "drawer.close", "reports.view"))
    chief = person(shop, "tono", (*CLERK, "drawer.close", "drawer.look", "reports.view"))
    sale(clerk, count=4)

    def told(ctx: Context) -> str:
        report = registry.find(ctx, "drawers")
        return z_report.text(ctx, 1) + str(list(report.rows(ctx, Wanted().period)))

    assert "40.000" in told(chief)
    assert "40000" in told(chief)
    assert "40.000" not in told(clerk)
    assert "40000" not in told(clerk)
    now = drawer.current(clerk)
    assert now is not None
    drawer.close(clerk, {"cash": 40_000}, now)
    assert "40.000" in told(clerk)
    assert "40000" in told(clerk)


def _opens(shop: Shop, name: str, password: str) -> bool:
    try:
        return bool(login.sign_in(shop.ctx, name, password))
    except WrongLogin:
        shop.clock.wait(600)
        return False


Guess = Callable[[Context, str], object]


@pytest.mark.parametrize(
    "guess",
    [
        lambda ctx, password: accounts.change_password(ctx, password, "durian runtuh 5"),
        lambda ctx, password: accounts.choose_pin(ctx, password, "4711"),
    ],
)
def test_an_open_counter_is_no_place_to_guess(shop: Shop, guess: Guess) -> None:
    """Wrong tries at one's own password count as they do at the door: there is a pause after three, and
    in the end the session is over, and nobody is locked out. The right one lets them be forgotten."""
    user = login.sign_in(shop.ctx, staff(shop, "Staf Konter").login, PASSWORD)
    own = shop.ctx.acting(user.actor)
    for _ in range(2):
        with pytest.raises(WrongOldPassword):
            guess(own, "salah-salah")
    guess(own, PASSWORD)
    assert shop.one("SELECT wrong_tries FROM users WHERE id = ?", user.id) == 0
    for _ in range(3):
        with pytest.raises(WrongOldPassword):
            guess(own, "salah-salah")
    with pytest.raises(TooManyTries):
        guess(own, "durian runtuh 5")
    for _ in range(7):
        shop.clock.wait(600)
        with pytest.raises(WrongLogin):
            guess(own, "salah-salah")
    shop.clock.wait(600)
    with pytest.raises(SessionEnded):
        guess(own, PASSWORD)
    assert not access.goes_on(own)
    shop.clock.wait(600)
    right = [each for each in (PASSWORD, "durian runtuh 5") if _opens(shop, user.login, each)]
    assert len(right) == 1


def test_no_session_comes_back(shop: Shop) -> None:
    """Who is put back after a deletion is not signed in where they were."""
    added = accounts.add(shop.ctx, "joko", "Joko", "Staf Konter", "kuda-merah-77")
    own = shop.ctx.acting(login.sign_in(shop.ctx, "joko", "kuda-merah-77").actor)
    accounts.remove(shop.ctx, added)
    assert not access.goes_on(own)
    step = undo.last(shop.ctx)
    assert step is not None
    undo.undo(shop.ctx, step.id)
    assert not access.goes_on(own)


@pytest.mark.asyncio
@pytest.mark.parametrize(
    ("report", "right"),
    [("audit", "audit.view"), ("sales", "reports.view"), ("stock", "costs.view")],
)
async def test_a_report_closes_with_its_right(shop: Shop, report: str, right: str) -> None:
    """A report whose own right goes closes, as one does whose columns were chosen by a right that
    goes."""
    user = staff(shop, "Kepala Bengkel")
    roles.grant(shop.ctx, 3, "audit.view", True)
    async with counter(shop, user) as here:
        here.app.beside(lambda: here.app.push_screen(ReportScreen(report)))
        await here.until(lambda: isinstance(here.app.screen, ReportScreen))
        await here.settle()
        roles.grant(shop.ctx, 3, right, False)
        here.app.on_store_changed()
        await here.until(lambda: not isinstance(here.app.screen, ReportScreen))


def test_a_permit_may_be_asked_for_an_undo(shop: Shop) -> None:
    """What a second person permits of an undo goes as far as was shown, and no further."""
    ada = cards.add(shop.ctx, Card("Ada", credit_limit=10**6))
    clerk = person(shop, "sari", (*CLERK, "sales.repay", "sales.credit"), {"sales.return": 1_000})
    chief = person(shop, "tono", CLERK)
    sale(clerk, method="account", who=ada, count=5)
    receivables.repay(clerk, ada, 50_000, "cash")
    step = undo.last(clerk)
    assert step is not None
    leave = Permit(chief.actor, "sales.return", 49_999)
    with pytest.raises(AboveCeiling):
        undo.undo(permitted(clerk, leave), step.id)
    undo.undo(permitted(clerk, replace(leave, most=50_000)), step.id)
    assert receivables.balance(shop.ctx, ada) == 50_000


def test_nobody_permits_what_an_ended_session_wants(shop: Shop) -> None:
    """A second person's leave is worth nothing to a user whose session is over, whatever it is for."""
    clerk = person(shop, "sari", ("sales.sell", "sales.view"))
    chief = person(shop, "tono", ("sales.sell", "sales.discount"))
    sale(clerk)
    own = shop.ctx.acting(login.sign_in(shop.ctx, "sari", PASSWORD).actor)
    leave = [Permit(chief.actor, each) for each in ("sales.sell", "sales.discount")]
    sale(permitted(own, *leave), "10%")
    accounts.remove(shop.ctx, shop.one("SELECT id FROM users WHERE login = 'sari'"))
    with pytest.raises(NotAllowed):
        sale(permitted(own, *leave), "10%")
    assert shop.one("SELECT count(*) FROM sales") == 2


def test_a_customer_s_page_tells_what_one_may_see(shop: Shop) -> None:
    """Whoever may see customers, and neither SMS nor sales, reads none of either on their page, nor
    how often and for how much they bought."""
    shop.ask(ANI, "PESAN PQ-R 1")
    ani = people.by_phone(shop.ctx, ANI)
    assert ani is not None
    sale(shop.ctx, who=ani.id)

    def kinds(*rights: str) -> set[str]:
        ctx = person(shop, f"u{len(rights)}", rights)
        view = overview.look(ctx, ani.id)
        seen = (view.sales, view.spent) == (1, shop.one("SELECT sum(total) FROM sales"))
        assert seen if "sales.view" in rights else (view.sales, view.spent) == (None, None)
        return {each.kind for each in view.line}

    assert kinds("customers.view") <= {"points", "consent"}
    assert kinds("customers.view", "messages.view") >= {"in", "out", "order"}
    assert "sale" in kinds("customers.view", "sales.view", "items.view")


@pytest.mark.asyncio
async def test_the_page_of_customers_tells_no_sums(shop: Shop) -> None:
    """The screen of customers says what one bought to whoever may see sales; to others it says
    nothing, and not that they never bought."""
    ada = cards.add(shop.ctx, Card("Ada", phone=ANI))
    sale(shop.ctx, who=ada)
    said = []
    for name, rights in (("tono", ("customers.view",)), ("dewi", ("customers.view", "sales.view"))):
        person(shop, name, rights)
        user = login.user(shop.ctx, shop.one("SELECT id FROM users WHERE login = ?", name))
        async with counter(shop, user, language="en") as here:
            await here.app.push_screen(CustomersScreen())
            await here.settle()
            said.append(here.text)
    assert "Ada" in said[0]
    assert "ought" not in said[0]
    assert "1 sales" in said[1]
