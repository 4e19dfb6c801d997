"""The model card: what a bundle was trained on, how good it is, and where its limits are."""

from __future__ import annotations

from PySide6.QtCore import QByteArray, Qt, QUrl
from PySide6.QtGui import QPalette, QTextCursor, QTextDocument
from PySide6.QtWidgets import QDialog, QDialogButtonBox, QTextBrowser, QVBoxLayout, QWidget

from app.desktop.models.card import shortened
from app.desktop.models.text import plain_text

MARKDOWN = (
    QTextDocument.MarkdownFeature.MarkdownDialectGitHub
    | QTextDocument.MarkdownFeature.MarkdownNoHTML
)


class CardView(QTextBrowser):
    """Markdown that can be read and copied; it loads nothing and its links open nothing.

    Args:
        card: markdown from a bundle, which may come from anywhere.
        parent: owner.
    """

    def __init__(self, *, card: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName("Model card")
        self.setOpenLinks(False)
        self.document().setDocumentMargin(self.fontMetrics().height())
        self.document().setMarkdown(shortened(card), MARKDOWN)
        self.moveCursor(QTextCursor.MoveOperation.Start)  # the text pushed it to its end

    def loadResource(self, kind: int, name: QUrl | str) -> object:  # noqa: N802  # Qt's name
        """No image, style sheet or page is loaded, from nowhere."""
        return QByteArray()


class CardDialog(QDialog):
    """A window with a bundle's model card.

    Args:
        name: of the bundle.
        card: markdown.
        parent: over which window.
    """

    def __init__(self, *, name: str, card: str, parent: QWidget) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(f"About the model {plain_text(name)}")
        view = CardView(card=card)
        view.setBackgroundRole(QPalette.ColorRole.Base)
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Close)
        buttons.rejected.connect(self.reject)
        layout = QVBoxLayout(self)
        layout.addWidget(view)
        layout.addWidget(buttons)
        unit = self.fontMetrics().height()
        self.resize(44 * unit, 40 * unit)
