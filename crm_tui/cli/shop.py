"""Setting up the shop: init, import, settings."""

import sys
from pathlib import Path

import click

from crm_tui.cli.base import Command, Group, Option, Place, open_shop
from crm_tui.errors import N_
from crm_tui.shop.gate import settings
from crm_tui.shop.imports import customers as import_customers
from crm_tui.shop.imports import items as import_items
from crm_tui.shop.imports import sales as import_sales
from crm_tui.shop.imports import staging
from crm_tui.shop.messages import filling
from crm_tui.shop.users import setup
from crm_tui.shop.users.errors import PasswordsDiffer


@click.command(
    "init",
    cls=Command,
    help=N_("Set up a shop. The Administrator's password is read twice from standard input."),
)
@click.option("--shop", cls=Option, required=True, metavar="NAME", help=N_("The shop's name."))
@click.option(
    "--admin", cls=Option, required=True, metavar="USER", help=N_("The first Administrator.")
)
@click.pass_obj
def init(place: Place, shop: str, admin: str) -> None:
    if sys.stdin.isatty():
        first = click.prompt(place.tr(N_("Password")), hide_input=True)
        second = click.prompt(place.tr(N_("The same again")), hide_input=True)
    else:
        first, second = (sys.stdin.readline().rstrip("\r\n") for _ in range(2))
    if first != second:
        raise PasswordsDiffer()
    setup.init(place.folder, place.clock, shop=shop, admin=admin, password=first)
    click.echo(place.tr(N_("{shop} is set up in {folder}."), shop=shop, folder=place.folder))


@click.group("import", cls=Group, help=N_("Import a file, all or nothing."))
def import_() -> None:
    pass


def _file_command(name: str, kind: staging.Kind, sentence: str, help: str) -> None:
    """Declares `import NAME FILE`; `sentence` says what was done."""

    @import_.command(name, cls=Command, help=help)
    @click.argument("file", type=click.Path(path_type=Path))
    @click.option(
        "--dry-run",
        cls=Option,
        is_flag=True,
        help=N_("Show what would change, and change nothing."),
    )
    @click.pass_obj
    def run(place: Place, file: Path, dry_run: bool) -> None:
        ctx = open_shop(place)
        staged = staging.stage(ctx, kind, file)
        if dry_run:
            staged.close()
            _show_preview(place, staged.preview)
            click.echo(place.tr(N_("Nothing was changed.")))
            return
        done = staging.merge(ctx, staged)
        counts = {"new": len(done.new), "changed": len(done.changed), "same": done.same}
        click.echo(place.tr(sentence, **counts))


_file_command(
    "items", import_items.KIND, N_("{new} new items, {changed} changed, {same} unchanged."),
    N_("Import items from CSV or XLSX: "
       "code,name,unit,price,stock[,cost,category,barcode,other_names,reorder_level]; Indonesian "
       "headings work too."),
)  # fmt: skip
_file_command(
    "customers", import_customers.KIND,
    N_("{new} new customers, {changed} changed, {same} unchanged."),
    N_("Import customers from CSV or XLSX: name,phone[,address,notes,credit_limit,consent]; "
       "Indonesian headings work too."),
)  # fmt: skip
_file_command(
    "sales", import_sales.KIND, N_("{same} sales, {new} new customers."),
    N_("Import an old sales book from CSV or XLSX: date,phone,name,code,quantity,price, or total; it "
       "counts for ranking and revenue, not for stock."),
)  # fmt: skip


def _show_preview(place: Place, preview: staging.Preview) -> None:
    for code in preview.new:
        click.echo(place.tr(N_("new: {code}"), code=code))
    for code, differences in preview.changed.items():
        texts = ", ".join(
            f"{name} {before} → {after}" for name, (before, after) in differences.items()
        )
        click.echo(place.tr(N_("changes: {code}: {differences}"), code=code, differences=texts))
    click.echo(place.tr(N_("unchanged: {same}"), same=preview.same))


@click.command(
    "settings",
    cls=Command,
    help=N_("Show the settings (all, or those that begin with KEY), or change one: KEY VALUE"),
)
@click.argument("key", required=False)
@click.argument("value", required=False)
@click.option("--reset", cls=Option, is_flag=True, help=N_("Go back to the default."))
@click.pass_obj
def settings_(place: Place, key: str | None, value: str | None, reset: bool) -> None:
    ctx = open_shop(place)
    if key is not None and value is not None:
        settings.change(ctx, key, value)
    elif key is not None and reset:
        settings.reset(ctx, key)
    wanted = [name for name in sorted(settings.every()) if name.startswith(key or "")]
    if not wanted:
        settings.find(key or "")
    for name in wanted:
        setting = settings.every()[name]
        shown = "…" if setting.secret and setting(ctx) else str(setting(ctx))
        click.echo(place.tr(setting.help))
        click.echo(
            "    " + place.tr("{name} = {shown}", name=name, shown=shown.replace("\n", "\n      "))
        )
        refused = setting.refused(ctx)
        if refused is not None:
            click.echo("      " + place.tr(settings.REFUSED, value=refused))
        fields = filling.fields_of(name)
        if fields:
            click.echo("      " + place.tr(N_("may contain: {fields}"), fields=" ".join(fields)))
