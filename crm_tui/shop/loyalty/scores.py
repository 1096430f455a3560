"""The running score of each customer, kept up by every sale, and what explains it.

    sale, return, merge ─▶ standings (heat by model), buyers (figures)        O(1) each
    choose ─backtest─▶ a new model is built beside the old one, a slice of customers a transaction

A model's standings count from the moment it is active; while another is built, sales are written for
both, so that neither misses one.
"""
# ruff: noqa: S608 - what is put into queries is names of ours

import json
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass
from datetime import date, datetime, time, timedelta

from crm_tui import ranking
from crm_tui.clock import moment, stamp
from crm_tui.ranking import Model, Proof, Purchase
from crm_tui.shop.gate import slices
from crm_tui.shop.gate.commands import part
from crm_tui.shop.gate.context import Context
from crm_tui.shop.gate.progress import Progress

DAYS_UNTIL_ANEW = 30
"""The model is chosen once more after so many days."""
_WRONG_CLOCK = timedelta(hours=1)
_SAMPLE = 20_000
"""A backtest looks at so many customers at most: more tell no more."""

DAY = "CAST(julianday({at}, 'localtime') - 1721424.5 AS INTEGER)"
"""SQL: the local day of a stored moment as a proleptic ordinal."""
_NET = "sales.total + coalesce((SELECT sum(back.total) FROM sales AS back WHERE back.of_sale = sales.id"


@dataclass(frozen=True)
class Chosen:
    """A model that the store knows; `proof`: what its backtest said, None without enough past."""

    id: int
    model: Model
    at: str
    proof: Proof | None


def rhythm(span: int, days: int) -> float | None:
    """How many of the `span` days lie between two of the `days` of buying, to one place, half up; None
    where there is but one."""
    times = days - 1
    return (20 * span + times) // (2 * times) / 10 if times > 0 else None


@dataclass
class Figures:
    """What a customer bought: the days (ordinals) of the first and the last purchase, on how many days
    and how often, and for how many rupiah, returns taken off."""

    first_day: int
    last_day: int
    days: int
    sales: int
    spent: int

    @property
    def rhythm(self) -> float | None:
        """Days from one day of buying to the next; None on the first one."""
        return rhythm(self.last_day - self.first_day, self.days)


def figures(purchases: Iterable[Purchase]) -> dict[int, Figures]:
    """The figures of each customer from purchases in the order of customers and days. What an old book
    tells of goods that came back takes rupiah off, and is no purchase."""
    buyers: dict[int, Figures] = {}
    for customer, day, amount in purchases:
        buyer = buyers.get(customer)
        if buyer is None:
            buyer = buyers[customer] = Figures(day, day, 0, 0, 0)
        buyer.spent += amount
        if amount > 0:
            # In order: a day is another one when it differs from the last.
            buyer.days += not buyer.sales or day != buyer.last_day
            buyer.first_day = buyer.first_day if buyer.sales else day
            buyer.last_day = day
            buyer.sales += 1
    return buyers


def day_of(at: str) -> int:
    """The local day of a stored moment."""
    return moment(at).astimezone().date().toordinal()


def chosen(ctx: Context) -> Chosen | None:
    """The model whose standings count."""
    return _model(ctx, "active")


def _model(ctx: Context, status: str) -> Chosen | None:
    row = ctx.db.execute("SELECT * FROM models WHERE status = ?", (status,)).fetchone()
    if row is None:
        return None
    model = Model(row["epoch"], row["half_life"], row["power"])
    proof = None
    if row["proof"]:
        kept = json.loads(row["proof"])
        proof = Proof(model, kept["buyers"], tuple(kept["caught"]), tuple(kept["best"]))
    return Chosen(row["id"], model, row["at"], proof)


# ── kept up by each sale ──────────────────────────────────────────────────────────────────────────


def _models(ctx: Context, customer_id: int) -> Iterator[tuple[int, Model]]:
    """The models under which this customer has a standing now."""
    for row in ctx.db.execute(
        "SELECT * FROM models WHERE status = 'active' OR status = 'building' AND built_upto >= ?",
        (customer_id,),
    ).fetchall():
        yield row["id"], Model(row["epoch"], row["half_life"], row["power"])


def _kept(ctx: Context, customer_id: int) -> int:
    row = ctx.db.execute("SELECT kept_id FROM kept WHERE id = ?", (customer_id,)).fetchone()
    return int(row[0])


def _add(ctx: Context, customer_id: int, day: int, before: int, after: int) -> None:
    for model_id, model in _models(ctx, customer_id):
        ctx.db.execute(
            "INSERT INTO standings VALUES (?, ?, ?) ON CONFLICT DO UPDATE SET"
            " heat = heat + excluded.heat",
            (model_id, customer_id, model.added(day, before, after)),
        )


def sold(ctx: Context, customer_id: int, at: str, total: int) -> None:
    """A sale was written, within its command."""
    if not total:
        return
    customer, day = _kept(ctx, customer_id), day_of(at)
    _add(ctx, customer, day, 0, total)
    ctx.db.execute(
        "INSERT INTO buyers VALUES (:customer, :day, :day, 1, 1, :total) ON CONFLICT DO UPDATE SET"
        # It is the first purchase of a customer of whom only returns were known.
        " days = days + (sales = 0 OR last_day <> :day),"
        " first_day = iif(sales = 0, :day, min(first_day, :day)),"
        " last_day = iif(sales = 0, :day, max(last_day, :day)), sales = sales + 1,"
        " spent = spent + :total",
        {"customer": customer, "day": day, "total": total},
    )


def came_back(ctx: Context, sale_id: int, amount: int) -> None:
    """Goods of a sale were given back for `amount` rupiah, within the command that wrote that."""
    row = ctx.db.execute(
        f"SELECT customer_id, at, {_NET}), 0) AS net FROM sales WHERE id = ?",
        (sale_id,),
    ).fetchone()
    if row["customer_id"] is None:
        return
    customer = _kept(ctx, row["customer_id"])
    _add(ctx, customer, day_of(row["at"]), row["net"] + amount, row["net"])
    _write_figures(ctx, customer - 1, customer, _bought(ctx, customer - 1, customer))


_IN_ORDER = (
    f"SELECT kept_id AS customer, {DAY.format(at='sales.at')} AS day, {_NET}), 0) AS net"
    " FROM kept JOIN sales ON customer_id = kept.id"
    " WHERE of_sale IS NULL AND kept_id > :after AND kept_id <= :upto ORDER BY customer, day"
)


def _bought(ctx: Context, after: int, upto: int) -> list[Purchase]:
    """What the customers between two keys bought, with all who were merged into them, in order. What
    came back wholly was no purchase."""
    rows = ctx.db.execute(_IN_ORDER, {"after": after, "upto": upto})
    return [(customer, day, net) for customer, day, net in rows if net]


def _write_figures(ctx: Context, after: int, upto: int, purchases: Iterable[Purchase]) -> None:
    """Count the figures of the customers between two keys anew, within a command."""
    ctx.db.execute("DELETE FROM buyers WHERE customer_id > ? AND customer_id <= ?", (after, upto))
    ctx.db.conn.executemany(
        "INSERT INTO buyers VALUES (?, ?, ?, ?, ?, ?)",
        (
            (customer, buyer.first_day, buyer.last_day, buyer.days, buyer.sales, buyer.spent)
            for customer, buyer in figures(purchases).items()
        ),
    )


def anew(ctx: Context, *customers: int) -> None:
    """Count standings and figures of customers anew, within a command: two were merged, or were not."""
    for customer in dict.fromkeys((*customers, *(_kept(ctx, each) for each in customers))):
        purchases = _bought(ctx, customer - 1, customer)
        for model_id, model in list(_models(ctx, customer)):
            ctx.db.execute(
                "DELETE FROM standings WHERE model_id = ? AND customer_id = ?", (model_id, customer)
            )
            _write_standings(ctx, model_id, model, purchases)
        _write_figures(ctx, customer - 1, customer, purchases)


def _write_standings(
    ctx: Context, model_id: int, model: Model, purchases: Iterable[Purchase]
) -> None:
    ctx.db.conn.executemany(
        "INSERT INTO standings VALUES (?, ?, ?)",
        ((model_id, customer, heat) for customer, heat in ranking.heats(model, purchases).items()),
    )


# ── the model ─────────────────────────────────────────────────────────────────────────────────────


def purchases(ctx: Context, until: str = "~") -> Iterator[Purchase]:
    """All sales of known customers before a moment, less what had come back until then."""
    cursor = ctx.db.execute(
        f"SELECT kept_id, {DAY.format(at='sales.at')}, {_NET} AND back.at < :until), 0) AS net"
        " FROM sales JOIN kept ON kept.id = customer_id"
        " WHERE of_sale IS NULL AND sales.at < :until",
        {"until": until},
    )
    while rows := cursor.fetchmany(2000):
        for row in rows:
            if row[2]:
                yield row[0], row[1], row[2]


def prove(
    ctx: Context, today: date, purchases: Iterable[Purchase], progress: Progress | None = None
) -> Proof | None:
    """Choose a model by what is known on a day, from a fixed part of the customers if they are many."""
    count = ctx.db.execute("SELECT count(*) FROM customers").fetchone()[0]
    step = max(1, count // _SAMPLE)
    some = [purchase for purchase in purchases if purchase[0] % step == 0]
    tried = 0

    def allow() -> None:
        nonlocal tried
        tried += 1
        if progress is not None:
            progress.at(tried, 4 * len(ranking.HALF_LIVES))

    return ranking.backtest(some, today.toordinal(), allow)


def is_due(ctx: Context) -> bool:
    """Whether a model should be chosen: there is none, or it is old."""
    now = chosen(ctx)
    # One of a moment that is still to come was chosen by a wrong clock.
    until = timedelta(days=DAYS_UNTIL_ANEW)
    return now is None or not -_WRONG_CLOCK <= ctx.now - moment(now.at) <= until


def choose(ctx: Context, progress: Progress | None = None) -> Chosen | None:
    """Choose a model by a backtest and build its standings beside those that count; the model that
    counts then. Raises `Cancelled` between slices; then the old ones go on. The last to begin wins:
    a model whose building somebody else has begun anew is given up."""
    today = ctx.now.astimezone().date()
    first = ctx.db.execute("SELECT min(at) FROM sales").fetchone()[0]
    proof = prove(ctx, today, purchases(ctx), progress)
    epoch = day_of(first) if first else today.toordinal()
    model = proof.model if proof else Model(epoch)
    with part(ctx, "loyalty.choose_model"):
        ctx.db.execute("UPDATE models SET status = 'old' WHERE status = 'building'")
        row = ctx.db.execute(
            "INSERT INTO models (at, epoch, half_life, power, proof, status)"
            " VALUES (?, ?, ?, ?, ?, 'building') RETURNING id",
            (ctx.at, model.epoch, model.half_life, model.power, _kept_proof(proof)),
        ).fetchone()
        ctx.record("ranking", None, {"half-life": model.half_life, "power": model.power})
    if _build(ctx, int(row[0]), model, progress):
        with part(ctx, "loyalty.choose_model"):
            if _is_building(ctx, row[0]):
                ctx.db.execute("UPDATE models SET status = 'old' WHERE status = 'active'")
                ctx.db.execute("UPDATE models SET status = 'active' WHERE id = ?", (row[0],))
                ctx.changed("ranking", row[0])
    _forget(ctx)
    return chosen(ctx)


def _is_building(ctx: Context, model_id: int) -> bool:
    row = ctx.db.execute("SELECT status FROM models WHERE id = ?", (model_id,)).fetchone()
    return bool(row[0] == "building")


def _kept_proof(proof: Proof | None) -> str | None:
    if proof is None:
        return None
    kept = asdict(proof)
    return json.dumps({name: kept[name] for name in ("buyers", "caught", "best")})


def _build(ctx: Context, model_id: int, model: Model, progress: Progress | None) -> bool:
    """Standings and figures of all customers, a slice a transaction; False if it was given up."""
    last = int(ctx.db.execute("SELECT coalesce(max(id), 1) FROM customers").fetchone()[0])

    def build(after: int, upto: int) -> bool:
        if not _is_building(ctx, model_id):
            return False
        found = _bought(ctx, after, upto)
        _write_standings(ctx, model_id, model, found)
        _write_figures(ctx, after, upto, found)
        # The last slice also holds customers who come from now on.
        reach = upto if upto < last else 2**62
        ctx.db.execute("UPDATE models SET built_upto = ? WHERE id = ?", (reach, model_id))
        return True

    return slices.run(ctx, "loyalty.choose_model", 0, last, build, progress)


def _forget(ctx: Context) -> None:
    """Take away the standings of models that count no more, a slice a transaction."""
    while True:
        with part(ctx, "loyalty.choose_model"):
            gone = ctx.db.execute(
                "DELETE FROM standings WHERE (model_id, customer_id) IN (SELECT model_id, customer_id"
                " FROM standings JOIN models ON models.id = model_id WHERE status = 'old' LIMIT 2000)"
            ).rowcount
        if gone < 2000:
            return
        slices.breathe(ctx)


def end_of(day: date) -> str:
    """The moment at which a local day is over, as the store writes it."""
    return stamp(datetime.combine(day + timedelta(days=1), time()).astimezone())
