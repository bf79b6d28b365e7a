"""Documents as organisations have them, made in the test: PDF by reportlab, DOCX by its parts."""

from __future__ import annotations

import zipfile
from collections.abc import Callable, Iterable, Mapping
from io import BytesIO
from xml.sax.saxutils import escape

from reportlab.lib.pagesizes import A4
from reportlab.lib.styles import getSampleStyleSheet
from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import PageBreak, Paragraph, SimpleDocTemplate

LATENESS = (
    "Everyone is at their place and ready to work at the time on the rota. Whoever is going to be late calls the shift lead "
    "before the shift begins and says when they will arrive. Three late starts within four weeks lead to a conversation."
)
SICKNESS = "Sickness is reported by phone before eight in the morning of the first day. A certificate is needed from day three."
MARKDOWN = f"# Attendance\n\n## Lateness\n\n{LATENESS}\n\n## Sickness\n\n{SICKNESS}\n".encode()

W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
TYPES = (
    '<?xml version="1.0" encoding="UTF-8"?><Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
    '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
    '<Default Extension="xml" ContentType="application/xml"/><Override PartName="/word/document.xml" ContentType='
    '"application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"/></Types>'
)
RELATIONS = (
    '<?xml version="1.0" encoding="UTF-8"?><Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
    '<Relationship Id="r1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" '
    'Target="word/document.xml"/></Relationships>'
)
STYLES = (
    f'<w:styles xmlns:w="{W}"><w:style w:type="paragraph" w:default="1" w:styleId="Normal"><w:name w:val="Normal"/></w:style>'
    '<w:style w:type="paragraph" w:styleId="berschrift1"><w:name w:val="heading 1"/><w:basedOn w:val="Normal"/></w:style>'
    '<w:style w:type="character" w:styleId="Ghost"><w:name w:val="Ghost"/><w:rPr><w:vanish/></w:rPr></w:style>'
    '<w:style w:type="paragraph" w:styleId="Pale"><w:name w:val="Pale"/><w:rPr><w:color w:val="FFFFFF"/></w:rPr></w:style>'
    '<w:style w:type="table" w:styleId="Grid"><w:name w:val="Grid"/><w:tblStylePr w:type="firstRow"><w:tcPr>'
    '<w:shd w:val="clear" w:fill="1F3864"/></w:tcPr></w:tblStylePr></w:style></w:styles>'
)


def pdf(pages: Iterable[Callable[[Canvas], None]], **options: object) -> bytes:
    """A PDF; each page is drawn by a function."""
    out = BytesIO()
    canvas = Canvas(out, pagesize=A4, **options)
    for draw in pages:
        draw(canvas)
        canvas.showPage()
    canvas.save()
    return out.getvalue()


def written(*lines: str, size: float = 11, top: float = 760) -> Callable[[Canvas], None]:
    """Draws lines one under the other."""

    def draw(canvas: Canvas) -> None:
        canvas.setFont("Helvetica", size)
        for number, line in enumerate(lines):
            canvas.drawString(60, top - 14 * number, line)

    return draw


def long_pdf(pages: int, words: int = 60) -> bytes:
    """A PDF as a word processor makes it: headings, wrapped paragraphs, a running head and page numbers."""
    out, looks = BytesIO(), getSampleStyleSheet()
    flow = []
    for number in range(1, pages + 1):
        text = " ".join(f"The team on line {number} writes each stop into log {part}." for part in range(words // 10))
        flow += [Paragraph(f"Line {number}", looks["Heading2"]), Paragraph(text, looks["BodyText"]), PageBreak()]

    def edge(canvas: Canvas, page: SimpleDocTemplate) -> None:
        canvas.drawString(60, 810, "Plant handbook")
        canvas.drawString(300, 30, f"Page {page.page}")

    SimpleDocTemplate(out, pagesize=A4).build(flow, onFirstPage=edge, onLaterPages=edge)
    return out.getvalue()


def paragraph(text: str, style: str = "", run: str = "") -> str:
    """A paragraph of a Word document; `run` are properties of its run."""
    styled = f'<w:pPr><w:pStyle w:val="{style}"/></w:pPr>' if style else ""
    return f'<w:p>{styled}<w:r><w:rPr>{run}</w:rPr><w:t xml:space="preserve">{escape(text)}</w:t></w:r></w:p>'


def docx(*body: str, parts: Mapping[str, bytes] | None = None, prolog: str = "") -> bytes:
    """A Word document from pieces of its body, with more parts beside it."""
    out = BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("[Content_Types].xml", TYPES)
        archive.writestr("_rels/.rels", RELATIONS)
        archive.writestr("word/styles.xml", STYLES)
        text = f'<?xml version="1.0" encoding="UTF-8"?>{prolog}<w:document xmlns:w="{W}"><w:body>{"".join(body)}</w:body></w:document>'
        archive.writestr("word/document.xml", text)
        for name, content in (parts or {}).items():
            archive.writestr(name, content)
    return out.getvalue()
