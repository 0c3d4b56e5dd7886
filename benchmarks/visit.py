"""One visitor as the server sees them: Streamlit's messages in, widgets, texts and numbers out, without a browser."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Final

from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg

FIELDS: Final = {
    "button": "trigger_value",
    "button_group": "string_array_value",
    "checkbox": "bool_value",
    "data_editor": "string_value",
    "date_input": "string_array_value",
    "file_uploader": "file_uploader_state_value",
    "multiselect": "string_array_value",
    "number_input": "double_value",
    "popover": "bool_value",
    "selectbox": "string_value",
    "slider": "double_array_value",
    "text_input": "string_value",
}
"""Kind of widget -> the field of the protocol that its value stands in."""


@dataclass
class DrawnPage:
    """What one run of the script put on the page, in the order drawn."""

    metrics: dict[str, Any] = field(default_factory=dict)
    """Label -> the tile."""
    texts: list[str] = field(default_factory=list)
    alerts: list[str] = field(default_factory=list)
    buttons: dict[str, Any] = field(default_factory=dict)
    downloads: dict[str, Any] = field(default_factory=dict)
    charts: dict[str, Any] = field(default_factory=dict)
    """Constant name of a chart -> the chart."""
    frames: list[Any] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)
    """Exceptions that the page showed."""
    raw: list[bytes] = field(default_factory=list)
    """The messages themselves, where they are kept."""


class Visit:
    """The state of one visitor's session."""

    def __init__(self, page: str = "", query: str = "", *, raw: bool = False) -> None:
        self._page, self._query, self._hash, self._history, self._raw = page, query, "", False, raw
        self._cached: dict[str, ForwardMsg] = {}
        self._values: dict[str, tuple[str, Any]] = {}
        self._kinds: dict[str, str] = {}
        self._running = False
        self._next = DrawnPage()
        self.session = ""
        """The server's name of the session."""
        self.widgets: dict[str, Any] = {}
        """Label (or, without one, key) -> the widget's message, whose id names it."""
        self.answer = DrawnPage()
        """The last whole answer."""

    def open(self, page: str, query: str = "", *, history: bool = False) -> None:
        """Go to another page with the next request, as the menu does or, with `history`, the back button."""
        self._page, self._query, self._hash, self._history = page, query, "", history

    def set(self, label: str, value: Any) -> None:
        """Change a widget with the next request."""
        widget = self.widgets[label]
        self._values[widget.id] = (FIELDS[self._kinds[widget.id]], value)

    def press(self, label: str) -> None:
        """Press a button with the next request."""
        self._values[self.answer.buttons[label].id] = ("trigger_value", True)

    def request(self) -> bytes:
        """The message that asks for a run of the script with the widgets as they are."""
        message = BackMsg()
        script = message.rerun_script
        script.query_string, script.page_script_hash = self._query, self._hash
        if not self._hash:
            script.page_name, script.is_history_navigation = self._page, self._history
        script.context_info.timezone, script.context_info.locale = "UTC", "en-US"
        script.cached_message_hashes.extend(self._cached)
        for widget, (name, value) in self._values.items():
            state = script.widget_states.widgets.add()
            state.id = widget
            if name.endswith("array_value"):
                getattr(state, name).SetInParent()
                getattr(state, name).data.extend(value)
            elif name == "file_uploader_state_value":
                state.file_uploader_state_value.CopyFrom(value)
            else:
                setattr(state, name, value)
        self._values = {widget: held for widget, held in self._values.items() if held[0] != "trigger_value"}
        self._running, self._next = False, DrawnPage()
        return bytes(message.SerializeToString())

    def take(self, received: bytes) -> bool:
        """Read one message of the server; True where it ends the answer to our request."""
        message = ForwardMsg()
        message.ParseFromString(received)
        kind = message.WhichOneof("type")
        if self._raw and self._running:
            self._next.raw.append(received)
        if kind == "ref_hash":
            message = self._cached[message.ref_hash]
            kind = message.WhichOneof("type")
            if self._raw and self._running:
                self._next.raw.append(message.SerializeToString())
        elif message.hash and message.metadata.cacheable:
            self._cached[message.hash] = message
        if kind == "new_session":
            self._running, self._next = True, DrawnPage()
            self._hash = message.new_session.page_script_hash
            self.session = message.new_session.initialize.session_id or self.session
        elif kind == "navigation":
            self._hash = message.navigation.page_script_hash
        elif kind == "page_info_changed":
            self._query = message.page_info_changed.query_string
        elif kind == "delta" and message.delta.WhichOneof("type") == "new_element":
            self._learn(message.delta.new_element)
        elif kind == "delta" and message.delta.WhichOneof("type") == "add_block":
            block = message.delta.add_block
            if block.WhichOneof("type") == "popover" and block.popover.id:
                self._widget("popover", block.popover, block.popover.id)
        elif (
            kind == "script_finished" and self._running and message.script_finished == ForwardMsg.FINISHED_SUCCESSFULLY
        ):
            self.answer = self._next
            return True
        return False

    def _learn(self, element: Any) -> None:
        kind, out = element.WhichOneof("type"), self._next
        one = getattr(element, kind) if kind else None
        if one is None:
            return
        if kind == "metric":
            out.metrics[one.label] = one
        elif kind in ("markdown", "heading", "text"):
            out.texts.append(one.body)
        elif kind == "alert":
            out.alerts.append(one.body)
        elif kind == "exception":
            out.errors.append(f"{one.type}: {one.message}")
        elif kind == "vega_lite_chart":
            out.charts[one.alt or one.id] = one
        elif kind == "button":
            out.buttons[one.label] = one
        elif kind == "download_button":
            out.downloads[one.label] = one
        elif kind == "dataframe":
            out.frames.append(one)
            if one.id:
                self._widget("data_editor", one, one.id)
        if kind in FIELDS:
            self._widget(kind, one, one.label or one.id)

    def _widget(self, kind: str, widget: Any, name: str) -> None:
        self.widgets[name] = widget
        self._kinds[widget.id] = kind
        if getattr(widget, "set_value", False):
            # The app itself has changed the widget, as a browser would then show.
            self._values.pop(widget.id, None)
