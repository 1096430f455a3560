"""All SMS with one number, as a telephone shows them."""

from typing import ClassVar

from textual.app import ComposeResult

from crm_tui import actions
from crm_tui.actions import Action
from crm_tui.errors import N_
from crm_tui.screens.shell import display
from crm_tui.screens.shell.bubbles import Talk, bubbles
from crm_tui.screens.shell.page import Page, once_a_time
from crm_tui.screens.sms.writing import write_to
from crm_tui.shop.messages import view as message_view

WRITE = Action(
    "conversation.write", "j", N_("Write"), N_("Write an SMS by hand"), command="messages.send"
)
OLDER = Action("conversation.older", "l", N_("Older"), N_("Show older SMS, too"))

_STEP = 60


class ConversationScreen(Page):
    """Every SMS with a number, in the order in which they went."""

    needs = "messages.view"
    heading = N_("SMS with one customer")
    about = N_("✓ the network took it · ✓✓ the telephone has it · ? in doubt · ✗ it did not go out")
    own: ClassVar[tuple[Action, ...]] = (WRITE, OLDER)
    topics = frozenset({"messages", "customers"})

    def __init__(self, phone: str) -> None:
        super().__init__()
        self._phone = phone
        self._most = _STEP
        self._count = 0
        self._name = self._last = ""

    def last_keys(self) -> tuple[Action, ...]:
        return (actions.BACK, actions.HELP)

    def title_text(self) -> str:
        shown = display.phone(self._phone)
        return f"{self._name}  {shown}" if self._name else shown or self.tr(self.heading)

    def body(self) -> ComposeResult:
        yield Talk(id="talk")

    def on_mount(self) -> None:
        self.query_one(Talk).focus()

    def ready_for(self, action: Action) -> bool:
        if action is OLDER:
            return self._count >= self._most
        return action is not WRITE or self._phone.startswith("+")

    async def show(self) -> None:
        letters = await self.desk.ask(message_view.conversation, self._phone, self._most)
        first = not self._count
        self._count = len(letters)
        self._name = letters[-1].customer if letters else ""
        self._last = next((each.text for each in reversed(letters) if each.direction == "in"), "")
        told = bubbles(letters, self.desk.clock.now())
        await self.query_one(Talk).show(list(told), to_end=first)
        self.draw_frame()

    def do_conversation_older(self) -> None:
        self._most += _STEP
        self.look_again()

    @once_a_time
    async def do_conversation_write(self) -> None:
        name = self._name or display.phone(self._phone)
        await write_to(self, self._phone, name, self._last)

    def do_app_back(self) -> None:
        self.dismiss(None)
