"""A list of a few options, of which one is marked."""

from rich.segment import Segment
from rich.style import Style as SegmentStyle
from textual.strip import Strip
from textual.style import Style
from textual.widgets import OptionList
from textual.widgets.option_list import Option


class Options(OptionList):
    """The marked one is drawn in one colour alone: those that tell something on the usual ground cannot
    be read on the cursor's."""

    def _get_option_render(self, option: Option, style: Style) -> list[Strip]:
        strips = super()._get_option_render(option, style)
        if self.highlighted is None or self.options[self.highlighted] is not option:
            return strips
        plain = SegmentStyle(color=style.rich_style.color)
        return [
            Strip(
                [Segment(text, (told or plain) + plain, control) for text, told, control in strip]
            )
            for strip in strips
        ]
