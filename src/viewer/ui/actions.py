"""Every command of the window: words, keys, tooltip, icon. The shortcut list is made from this table."""

from dataclasses import dataclass

from PySide6.QtCore import Qt
from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import QWidget

from viewer.ui import theme
from viewer.ui.texts import marked, tr


@dataclass(frozen=True, slots=True, kw_only=True)
class Command:
    """One command.

    Attributes:
        name: By which `Actions` finds it.
        menu: Menu it stands in.
        text: In the menu, on buttons, in the shortcut list.
        keys: Shortcuts, the first one is shown.
        tip: One sentence.
        icon: File in `resources/icons`, or `""`.
        checkable: Whether it is on or off; `on` is the start.
    """

    name: str
    menu: str
    text: str
    keys: tuple[str, ...] = ()
    tip: str
    icon: str = ""
    checkable: bool = False
    on: bool = False


def _c(name: str, menu: str, text: str, keys: str, tip: str, icon: str = "", state: bool | None = None) -> Command:
    return Command(
        name=name,
        menu=menu,
        text=text,
        keys=tuple(key for key in keys.split(" ") if key),
        tip=tip,
        icon=icon,
        checkable=state is not None,
        on=bool(state),
    )


PRESETS = marked("Window presets")
"""A menu within View, made anew for every picture."""

COMMANDS: tuple[Command, ...] = (
    _c("open_files", "File", "Open files …", "Ctrl+O", "Open pictures, clips, DICOM files or archives", "open-file"),
    _c("open_folder", "File", "Open folder …", "Ctrl+Shift+O", "Open everything in a folder", "open-folder"),
    _c("open_cohort", "File", "Open evaluated cohort …", "Ctrl+Shift+E",
       "Open a folder that viewer evaluate wrote: map and table of its cases, right and wrong"),
    _c("reopen_last", "File", "Open last session again", "Ctrl+Shift+T", "Open what was open last time"),
    _c("export_reviews", "File", "Export reviews …", "", "Write everything readers recorded as CSV, HTML or JSON"),
    _c("close_window", "File", "Quit", "Ctrl+Q", "Close the viewer"),
    _c("undo", "Edit", "Undo", "Ctrl+Z", "Take back the last step on this clip", "undo"),
    _c("redo", "Edit", "Redo", "Ctrl+Shift+Z Ctrl+Y", "Do again what was taken back", "redo"),
    _c("key_image", "Edit", "Key image", "K", "Mark this frame as key image, or take the mark away", "key-image"),
    _c("rename_shape", "Edit", "Label …", "Shift+T", "Write the label of the chosen shape; Enter does it too"),
    _c("delete_shape", "Edit", "Delete", "Del", "Take the chosen shape away"),
    _c("delete_shapes", "Edit", "Delete all on the frame", "Shift+Del", "Take away everything drawn on this frame"),
    _c("next_shape", "Edit", "Next shape", "Ctrl+Right", "Choose the next shape on this frame"),
    _c("previous_shape", "Edit", "Previous shape", "Ctrl+Left", "Choose the shape before on this frame"),
    _c("next_handle", "Edit", "Next handle", "Ctrl+Shift+Right", "Choose a handle, or after the last all of it"),
    _c("move_left", "Edit", "Move left", "Alt+Left Alt+Shift+Left", "Move the shape or handle; with Shift, far"),
    _c("move_right", "Edit", "Move right", "Alt+Right Alt+Shift+Right", "Move it right; with Shift, far"),
    _c("move_up", "Edit", "Move up", "Alt+Up Alt+Shift+Up", "Move it up; with Shift, far"),
    _c("move_down", "Edit", "Move down", "Alt+Down Alt+Shift+Down", "Move it down; with Shift, far"),
    _c("pointer", "Measure", "Pointer", "U", "Choose shapes and drag them; beside them, move the picture", "pointer",
       True),
    _c("measure_distance", "Measure", "Distance", "D", "Drag or click twice; Enter places one", "distance", False),
    _c("measure_angle", "Measure", "Angle", "Shift+D", "Click on a leg, the vertex and the other leg", "angle",
       False),
    _c("measure_cobb", "Measure", "Cobb angle", "G", "Drag two lines; their angle is measured", "cobb", False),
    _c("draw_ellipse", "Measure", "Ellipse", "E", "Area and values of an ellipse; Shift for a circle", "ellipse",
       False),
    _c("draw_rectangle", "Measure", "Rectangle", "B", "Area and values of a rectangle; Shift for a square",
       "rectangle", False),
    _c("draw_polygon", "Measure", "Polygon", "Y", "Click its corners; double click or Enter closes it", "polygon",
       False),
    _c("draw_arrow", "Measure", "Arrow", "X", "Drag from the tail to the head", "arrow", False),
    _c("draw_text", "Measure", "Text", "T", "Click, write, Enter", "text", False),
    _c("previous_frame", "Go", "Back", "Left", "Previous frame", "previous"),
    _c("next_frame", "Go", "Next", "Right", "Next frame", "next"),
    _c("first_frame", "Go", "First frame", "Home", "First frame of the clip"),
    _c("last_frame", "Go", "Last frame", "End", "Last frame of the clip"),
    _c("previous_clip", "Go", "Previous clip", "Up", "Previous clip or picture"),
    _c("next_clip", "Go", "Next clip", "Down", "Next clip or picture"),
    _c("previous_unanswered", "Go", "Previous without answer", "Ctrl+Up",
       "Previous clip or picture that nobody has answered"),
    _c("next_unanswered", "Go", "Next without answer", "Ctrl+Down", "Next clip or picture that nobody has answered"),
    _c("previous_failure", "Go", "Previous wrong and trusted", "Shift+P",
       "Open the previous case of the cohort that is wrong and trusted", "previous"),
    _c("next_failure", "Go", "Next wrong and trusted", "Shift+N",
       "Open the next case of the cohort that is wrong and trusted, the most trusted first", "next"),
    _c("play", "Clip", "Play", "Space", "Play or pause the clip at its own pace", "play", False),
    _c("loop", "Clip", "Loop", "L", "Start again at the end of the clip", "loop", True),
    _c("every_frame", "Clip", "Every frame", "M", "Drop no frame: each waits until the one before has been shown",
       "every-frame", False),
    _c("slower", "Clip", "Slower", "S", "Play at half the speed, ¼× at least"),
    _c("faster", "Clip", "Faster", "Shift+S", "Play at twice the speed, 4× at most"),
    _c("range_start", "Clip", "Range from here", "[", "Play from this frame on"),
    _c("range_end", "Clip", "Range up to here", "]", "Play up to this frame"),
    _c("clear_range", "Clip", "Whole clip", "\\", "Play the whole clip again"),
    _c("next_doubt", "Clip", "Next doubtful run", "N",
       "Next frames that are not green or that failed; where frames carry no light, those with a trust more than "
       "10 points below the clip's"),
    _c("previous_doubt", "Clip", "Previous doubtful run", "P", "Doubtful frames before this one"),
    _c("best_frame", "Clip", "Suggest a frame", "J",
       "Frame of the highest trust with the answer of the clip, in the range where one is set"),
    _c("fit", "View", "Fit", "F", "Show the whole picture", "fit"),
    _c("one_to_one", "View", "1:1", "Z", "One picture pixel per screen pixel"),
    _c("zoom_in", "View", "Zoom in", "Ctrl++ Ctrl+=", "Zoom in; the wheel zooms to the cursor"),
    _c("zoom_out", "View", "Zoom out", "Ctrl+-", "Zoom out"),
    _c("turn_left", "View", "Turn left", ",", "Turn the picture a quarter to the left, on screen only"),
    _c("turn_right", "View", "Turn right", ".", "Turn the picture a quarter to the right, on screen only"),
    _c("flip_sideways", "View", "Flip sideways", "H", "Exchange left and right on screen"),
    _c("flip_over", "View", "Flip over", "V", "Exchange top and bottom on screen"),
    _c("windowing", "View", "Window", "W",
       "Drag to change brightness and contrast; the right button always does, twice clicked it goes back",
       "window-level", False),
    _c("invert", "View", "Invert", "+", "Exchange black and white on screen", "invert", False),
    _c("window_level", "View", "Window by numbers …", "Shift+W", "Set centre and width of the window as numbers"),
    _c("corner_text", "View", "Corner text", "C", "Text, directions and scale over the picture", "", True),
    _c("file_graphics", "View", "Graphics of the file", "Shift+O",
       "Show or hide what the file draws over its picture; the AI sees it all the same", "", True),
    _c("de_identified", "View", "De-identified", "Ctrl+D",
       "Show neutral names in place of what tells whose picture it is; words in the pixels stay", "", False),
    _c("reset_tone", "View", "Reset", "R", "The file's own brightness, contrast and direction", "reset"),
    _c("hide_overlays", "View", "Overlays", "O", "Show or hide every overlay", "overlays", True),
    _c("show_anyway", "View", "Show withheld answer", "A", "Show the AI's answer although it is kept back here"),
    _c("read_first", "View", "Read first", "Ctrl+R", "Keep back all the AI says until you have confirmed your answer",
       "", False),
    _c("show_backing", "View", "What the light rests on", "I", "Open or close the claim behind the light", "", False),
    _c("next_theme", "View", "Next colours", "Ctrl+Shift+L", "Dark, light or high contrast, one after the other"),
    _c("larger_text", "View", "Larger letters", "Ctrl+Alt++ Ctrl+Alt+=", "Larger letters and signs"),
    _c("smaller_text", "View", "Smaller letters", "Ctrl+Alt+-", "Smaller letters and signs"),
    _c("usual_text", "View", "Usual letters", "Ctrl+Alt+0", "Letters and signs in their usual size"),
    _c("reset_layout", "View", "Reset layout", "", "Put every panel back to where it was at the first start"),
    _c("one_picture", "Side by side", "One picture", "F2", "Show one picture alone", "", True),
    _c("two_pictures", "Side by side", "Two side by side", "F3", "Show two pictures beside each other", "", False),
    _c("four_pictures", "Side by side", "Four", "F4", "Show four pictures in two rows", "", False),
    _c("next_pane", "Side by side", "Next picture beside", "Q", "Work in the next of the pictures side by side"),
    _c("link_all", "Side by side", "Link", "Ctrl+L", "Let the other pictures follow in all, or in nothing"),
    _c("link_frames", "Side by side", "Link frames", "Ctrl+Alt+F", "Other clips go on by as many frames", "", True),
    _c("link_zoom", "Side by side", "Link zoom", "Ctrl+Alt+Z", "Other pictures are zoomed and moved alike", "", True),
    _c("link_window", "Side by side", "Link window", "Ctrl+Alt+W", "Other pictures of the kind get the same window",
       "", True),
    _c("show_series", "Panels", "Studies and series", "1", "Show the list of studies"),
    _c("show_reliability", "Panels", "Reliability of AI", "2", "Show the light, the probabilities and the scores"),
    _c("show_explanations", "Panels", "Explanations", "3", "Show why: overlays, charts, tables"),
    _c("show_frames", "Panels", "Frame table", "4", "Show the numbers of every assessed frame"),
    _c("show_disagreement", "Panels", "Disagreement", "6", "Show where scores, networks and nearby frames differ"),
    _c("show_review", "Panels", "Your answer", "5", "Give your own answer to the frame or clip on screen"),
    _c("show_worklist", "Panels", "Worklist", "7", "Show every study, how far its reading is, and what is left"),
    _c("show_measurements", "Panels", "Measurements", "8", "Show everything drawn on the clip, with its values"),
    _c("show_explorer", "Panels", "Evaluated cohort", "9", "Show map and table of an evaluated cohort"),
    _c("float_explorer", "Panels", "Cohort in a window of its own", "Shift+9",
       "Take the cohort out of the window, to another screen perhaps, or put it back", "", False),
    _c("show_site", "Panels", "This site", "0",
       "Show the cases seen here against the model's calibration, and whether they have drifted"),
    _c("mark_done", "Tools", "Study is done", "Ctrl+Return Ctrl+Enter", "Mark the study on screen as done"),
    _c("mark_in_review", "Tools", "Study is in review", "", "Mark the study on screen as in review again"),
    _c("mark_unread", "Tools", "Study is unread", "", "Mark the study on screen as unread again"),
    _c("assess_again", "Tools", "Assess this clip", "F5", "Assess the clip again, or go on after cancelling"),
    _c("compare_models", "Tools", "Compare with a second model …", "Ctrl+M",
       "Let another model look at the same pictures, or no longer"),
    _c("masks_by_model", "Tools", "Masks by another model …", "Ctrl+Alt+M",
       "Let another model draw lesion or organ in the same pictures, or no longer"),
    _c("masks_given", "Tools", "Masks from a folder …", "Ctrl+Shift+M",
       "Take masks from a folder: pictures called as theirs, bright inside"),
    _c("own_references", "Tools", "Add to my references …", "Ctrl+Shift+A",
       "Keep the picture on screen with what it truly shows, to compare others with; list and remove what was kept"),
    _c("verify_model", "Tools", "Verify the model on these files …", "Ctrl+Shift+V",
       "Compare the opened files with those the model was calibrated on: does it suit them?"),
    _c("cancel", "Tools", "Cancel", "Esc", "Stop what is running in the background", "cancel"),
    _c("settings", "Tools", "Settings …", "Ctrl+,", "How the viewer looks and works", "settings"),
    _c("plugins", "Tools", "Plugins …", "Ctrl+Shift+P", "Which plugins there are and how they fare", "plugins"),
    _c("shortcuts", "Help", "Keyboard shortcuts", "? F1", "List every key", "keyboard"),
    _c("notice", "Help", "Before you start", "", "What this is for, what the lights mean, where data are kept"),
    _c("about", "Help", "About", "", "What this is, and what it is not", "info"),
    _c("preset_1", PRESETS, "Window preset 1", "Ctrl+1", "Window 1 of the list of presets"),
    _c("preset_2", PRESETS, "Window preset 2", "Ctrl+2", "Window 2 of the list of presets"),
    _c("preset_3", PRESETS, "Window preset 3", "Ctrl+3", "Window 3 of the list of presets"),
    _c("preset_4", PRESETS, "Window preset 4", "Ctrl+4", "Window 4 of the list of presets"),
    _c("preset_5", PRESETS, "Window preset 5", "Ctrl+5", "Window 5 of the list of presets"),
    _c("preset_6", PRESETS, "Window preset 6", "Ctrl+6", "Window 6 of the list of presets"),
    _c("preset_7", PRESETS, "Window preset 7", "Ctrl+7", "Window 7 of the list of presets"),
    _c("preset_8", PRESETS, "Window preset 8", "Ctrl+8", "Window 8 of the list of presets"),
    _c("preset_9", PRESETS, "Window preset 9", "Ctrl+9", "Window 9 of the list of presets"),
)  # fmt: skip

MENUS = ("File", "Edit", "Go", "Clip", "View", "Side by side", "Measure", "Panels", "Tools", "Help")

SUBMENUS = {"Side by side": "View"}
"""Menus that open within another."""


class Actions:
    """The commands as actions of a window."""

    def __init__(self, window: QWidget) -> None:
        self._actions = {command.name: _action(command, window) for command in COMMANDS}
        window.addActions(list(self._actions.values()))
        self.refresh_icons()

    def __getitem__(self, name: str) -> QAction:
        """The action of a command."""
        return self._actions[name]

    def of_menu(self, menu: str) -> list[QAction]:
        """The actions of one menu, in order."""
        return [self._actions[command.name] for command in COMMANDS if command.menu == menu]

    def refresh_icons(self) -> None:
        """Draw the icons in the colours of the theme in use."""
        for command in COMMANDS:
            if command.icon:
                self._actions[command.name].setIcon(theme.icon(command.icon))


def _action(command: Command, window: QWidget) -> QAction:
    action = QAction(tr(command.text), window)
    action.setObjectName(command.name)
    action.setShortcuts([QKeySequence(key) for key in command.keys])
    action.setShortcutContext(Qt.ShortcutContext.WindowShortcut)
    key = f" ({QKeySequence(command.keys[0]).toString()})" if command.keys else ""
    action.setToolTip(f"{tr(command.tip)}{key}")
    action.setStatusTip(tr(command.tip))
    action.setCheckable(command.checkable)
    action.setChecked(command.on)
    return action
