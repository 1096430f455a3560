"""The first start: the shop, its first Administrator, the language, the modem, a test SMS."""

from collections.abc import Sequence
from functools import partial
from typing import ClassVar

from textual.app import ComposeResult
from textual.content import Content
from textual.widget import Widget

from crm_tui import actions
from crm_tui.actions import Action
from crm_tui.errors import N_
from crm_tui.screens.shell import display
from crm_tui.screens.shell.frame import modem_part
from crm_tui.screens.shell.page import Page, Watching, once_a_time
from crm_tui.screens.shell.program import program
from crm_tui.screens.widgets.choose import Choose
from crm_tui.screens.widgets.dialog import Dialog
from crm_tui.screens.widgets.form import Form, Values
from crm_tui.screens.widgets.line import Field
from crm_tui.screens.widgets.plain import Piece, Plain, content
from crm_tui.screens.widgets.tasks import beside

BEGIN = Action("start.begin", "enter", N_("Go on"), N_("Go on with the next step"))
RESTORE = Action(
    "start.restore", "p", N_("From a backup"),
    N_("Begin with a backup of a shop: a new computer, a disk that died"),
)  # fmt: skip

_FOUNDED = 1
"""The step by which there is a shop."""
_STEPS = (
    N_("Language"), N_("The shop and its Administrator"), N_("The modem"), N_("A test SMS"),
)  # fmt: skip


_AT_HOME = {
    "sent": N_("The network has it; soon it rings on your telephone."),
    "delivered": N_("Your telephone has it."),
    "in_doubt": N_("In doubt: the modem took it. Look whether it is on your telephone."),
}
"""What is told of an SMS to oneself, where it is not as for one to a customer."""


class TestSms(Dialog[None], Watching):
    """Follows an SMS until the network, or the telephone, has it."""

    heading = N_("A test SMS")
    keys = (("Enter", N_("Go on")),)
    BINDINGS = [("enter", "leave", "")]

    def __init__(self, message_id: int) -> None:
        super().__init__()
        self._message_id = message_id

    def body(self) -> Sequence[Widget]:
        return [Plain("", id="progress", classes="text")]

    def on_mount(self) -> None:
        self.store_changed(frozenset({"messages"}))

    def store_changed(self, topics: frozenset[str]) -> None:
        """The message may have come further."""
        if topics & {"messages", "gateway"}:
            beside(self, self._look)

    async def _look(self) -> None:
        from crm_tui.shop.messages import view as message_view

        crm = program(self)
        letter = (await crm.desk.ask(message_view.look, self._message_id)).letter
        modem = "".join(modem_part(crm, crm.figures)[::2]) if crm.figures else ""
        self.query_one("#progress", Plain).show(
            content(
                (self.tr(letter.status), "bold"), "  ",
                self.tr(_AT_HOME.get(letter.status) or display.MESSAGE_STATES[letter.status]), "\n",
                crm.retell(letter.reason),
                "\n", (modem, "$muted"),
            )
        )  # fmt: skip


class FirstStart(Page):
    """Leads through what a new shop needs, a step at a time."""

    heading = N_("First start")
    has_room = False
    own: ClassVar[tuple[Action, ...]] = (BEGIN, RESTORE)

    @classmethod
    def all_actions(cls) -> tuple[Action, ...]:
        return (*cls.own, actions.HELP, actions.QUIT)

    def __init__(self, *, gone: bool = False) -> None:
        super().__init__()
        self._gone = gone
        """There was a shop: its file is not there, its backups are."""
        self._step = 0
        self._said: list[str] = ["", "", "", ""]

    def last_keys(self) -> tuple[Action, ...]:
        return (actions.QUIT, actions.HELP)

    def ready_for(self, action: Action) -> bool:
        # Once the shop stands, its own list of backups is the place.
        return action is not RESTORE or self._step < 2

    def body(self) -> ComposeResult:
        yield Plain("", id="steps")

    def draw_frame(self) -> None:
        super().draw_frame()
        self.query_one("#steps", Plain).show(self._text())

    def _text(self) -> Content:
        none = N_("There is no shop in {folder} yet. Four steps, and customers can write.")
        begun = N_("The shop is kept in {folder}. A few more steps, and customers can write.")
        gone = N_("The shop's file is gone from {folder}, but backups of it are there:"
                  " {start_restore} brings one back. Enter begins an empty shop.")  # fmt: skip
        standing, folder = begun if self._step > _FOUNDED else none, self.desk.folder
        if self._gone and not self._step:
            standing = gone
        pieces: list[Piece] = [
            (self.tr(N_("Welcome to crm-tui")), "bold"), "\n\n",
            # "." says nothing to people.
            self.tr(standing, folder=folder if folder.name else folder.absolute(),
                    **self.crm.key_names()), "\n\n",
        ]  # fmt: skip
        for number, step in enumerate(_STEPS):
            mark = "✓" if number < self._step else "▸" if number == self._step else " "
            style = (
                "$success" if number < self._step else "bold" if number == self._step else "$muted"
            )
            pieces += [(f"  {mark} {number + 1}  {self.tr(step)}", style)]
            pieces += [(f"   {self._said[number]}", "$muted"), "\n"]
        last = self._step >= len(_STEPS)
        told = N_("Enter opens the shop.") if last else N_("Enter goes on.")
        pieces += ["\n", self.tr(told), "\n\n"]
        if self._step == 0:
            pieces.append(
                (self.tr(N_("Just looking around? {app_quit} quits; crm-tui demo opens a practice "
                            "shop."), **self.crm.key_names()), "$muted")
            )  # fmt: skip
        return content(*pieces)

    @once_a_time
    async def do_start_restore(self) -> None:
        from crm_tui.screens.door import from_backup

        wanted = await from_backup.begin(self)
        if wanted is not None:
            self.crm.leave_to_restore(wanted)

    @once_a_time
    async def do_start_begin(self) -> None:
        steps = (self._language, self._shop, self._modem, self._test)
        while self._step < len(steps):
            done = await steps[self._step]()
            if not done:
                break
            self._step += 1
            self.draw_frame()
        if self._step >= len(steps):
            user = self.desk.user
            assert user is not None
            self.crm.beside(partial(self.crm.signed_in, user))

    async def _language(self) -> bool:
        names = {"id": "Bahasa Indonesia", "en": "English"}
        chosen = await self.ask_for(Choose("Bahasa / Language", list(names.items())))
        if chosen:
            self.crm.language = chosen
            self._said[0] = names[chosen]
        return bool(chosen)

    # ── the shop ──────────────────────────────────────────────────────────────────────────────

    async def _shop(self) -> bool:
        from crm_tui.shop.users.errors import BadLogin, BadPassword, NameMissing, PasswordsDiffer

        tr = self.tr
        fields = [
            Field("shop", tr(N_("The shop's name")), tr(N_("Customers read it in every SMS.")),
                  errors=(NameMissing,)),
            Field("login", tr(N_("Name of the first Administrator")),
                  tr(N_("Short, for signing in: budi")), errors=(BadLogin,)),
            Field("password", tr(N_("Password")), tr(N_("8 characters or more")),
                  errors=(BadPassword,), secret=True),
            Field("again", tr(N_("The same again")), errors=(PasswordsDiffer,), secret=True),
        ]  # fmt: skip

        async def set_up(values: Values) -> object:
            if values["password"] != values["again"]:
                raise PasswordsDiffer()
            await self._set_up(values)
            return values["shop"]

        form = Form("first start", tr(_STEPS[1]), fields, set_up, done=N_("Set up the shop"))
        name = await self.ask_for(form)
        if name:
            self._said[1] = str(name)
        return bool(name)

    async def _set_up(self, values: Values) -> None:
        from crm_tui.shop.answers.settings import FREE_TEXT, FREE_TEXT_AT_FIRST
        from crm_tui.shop.gate import settings
        from crm_tui.shop.gate.context import Context
        from crm_tui.shop.users import login, setup

        desk = self.desk

        def make() -> Context:
            ctx = setup.init(
                desk.folder, desk.clock, shop=values["shop"], admin=values["login"].strip(),
                password=values["password"],
            )  # fmt: skip
            settings.change(ctx, settings.LANGUAGE.key, self.crm.language)
            settings.change(ctx, FREE_TEXT.key, FREE_TEXT_AT_FIRST)
            return ctx

        desk.adopt((await desk.elsewhere(make)).store)
        user = await desk.act(login.sign_in, values["login"], values["password"])
        await desk.welcome(user)
        await self.crm.opened()

    # ── the modem ─────────────────────────────────────────────────────────────────────────────

    async def _modem(self) -> bool:
        from crm_tui.gsm import ports
        from crm_tui.shop.gate import settings
        from crm_tui.shop.messages.settings import PORT

        while True:
            said = self.crm.figures.gateway if self.crm.figures else None
            port = said.port if said and said.state == "ready" else ""
            names = [] if port else await self.desk.elsewhere(ports.candidates)
            for name in names:
                self.notice(self.tr(N_("Trying {port} …"), port=name), seconds=30)
                if await self.desk.elsewhere(partial(ports.is_modem, name, self.desk.clock)):
                    port = name
                    break
            self.notice("")
            if port:
                await self.desk.act(settings.change, PORT.key, port)
                self.crm.serve()
                self._said[2] = self.tr(N_("found at {port}"), port=port)
                return True
            title = self.tr(N_("No modem answered; ports tried: {count}."), count=len(names))
            chosen = await self.ask_for(
                Choose(
                    title,
                    [
                        ("again", self.tr(N_("I have plugged it in: look again"))),
                        ("name", self.tr(N_("Enter the port myself"))),
                        ("later", self.tr(N_("Go on without one; the program keeps looking"))),
                    ],
                )
            )
            if chosen == "name" and await self._name_port():
                return True
            if chosen == "later":
                self._said[2] = self.tr(N_("not yet"))
                self.crm.serve()
                return True
            if chosen is None:
                return False

    async def _name_port(self) -> bool:
        from crm_tui.shop.gate import settings
        from crm_tui.shop.gate.errors import BadSetting
        from crm_tui.shop.messages.settings import PORT

        async def take(values: Values) -> object:
            await self.desk.act(settings.change, PORT.key, values["port"].strip())
            return values["port"].strip()

        field = Field(
            "port",
            self.tr(N_("Port")),
            self.tr(N_("COM3, /dev/ttyUSB0, socket://host:port")),
            errors=(BadSetting,),
        )
        name = await self.ask_for(Form("port", self.tr(N_("The modem")), [field], take))
        if name:
            self._said[2] = str(name)
            self.crm.serve()
        return bool(name)

    async def _test(self) -> bool:
        from crm_tui.shop.gate.errors import BadPhone
        from crm_tui.shop.messages import outbox

        async def send(values: Values) -> object:
            if not values["phone"].strip():
                return "skip"
            text = self.tr(N_("A test from crm-tui: the modem works."))
            return await self.desk.act(outbox.send, values["phone"], text)

        field = Field(
            "phone", self.tr(N_("Your own telephone number")),
            self.tr(N_("Empty: no test now.")), errors=(BadPhone,),
        )  # fmt: skip
        form = Form("test sms", self.tr(_STEPS[3]), [field], send, done=N_("Send"))
        number = await self.ask_for(form)
        if number is None:
            return False
        if number != "skip":
            await self.ask_for(TestSms(int(number)))
        return True
