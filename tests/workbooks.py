"""Workbooks written by hand, byte by byte where needed: no library writes a hostile one."""

from __future__ import annotations

import struct
import zipfile
from collections.abc import Iterable, Sequence
from pathlib import Path
from xml.sax.saxutils import escape

_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_FORMATS = {"plain": 0, "date": 14, "moment": 22, "clock": 21, "hours": 46}
STYLES = {name: place for place, name in enumerate(_FORMATS)}


def letters(column: int) -> str:
    """Name a column, from 0, as a spreadsheet does."""
    name = ""
    column += 1
    while column:
        column, rest = divmod(column - 1, 26)
        name = chr(65 + rest) + name
    return name


def cell(row: int, column: int, value: object, style: str = "plain") -> str:
    """Write one cell of an .xlsx sheet; both places from 0. `#…` is an error, `=…` the text of a formula."""
    at = f'r="{letters(column)}{row + 1}"'
    if isinstance(value, bool):
        return f'<c {at} t="b"><v>{int(value)}</v></c>'
    if isinstance(value, (int, float)):
        return f'<c {at} s="{STYLES[style]}"><v>{value!r}</v></c>'
    text = escape(str(value))
    if text.startswith("#"):
        return f'<c {at} t="e"><v>{text}</v></c>'
    if text.startswith("="):
        return f'<c {at} t="str"><f>1</f><v>{text[1:]}</v></c>'
    return f'<c {at} t="inlineStr"><is><t>{text}</t></is></c>'


def sheet(rows: Iterable[Sequence[object]]) -> str:
    """Write the rows of an .xlsx sheet; None is no cell, (value, style) a formatted one."""
    written = []
    for row, values in enumerate(rows):
        cells = [
            cell(row, place, *(value if isinstance(value, tuple) else (value,)))
            for place, value in enumerate(values)
            if value is not None
        ]
        written.append(f'<row r="{row + 1}">{"".join(cells)}</row>')
    return f'<worksheet xmlns="{_MAIN}"><sheetData>{"".join(written)}</sheetData></worksheet>'


def parts(sheets: dict[str, str], hidden: Sequence[str] = ()) -> dict[str, str]:
    """Give the parts of an .xlsx workbook by name."""
    numbered = list(enumerate(sheets, 1))
    listed = "".join(
        f'<sheet name="{escape(name)}" sheetId="{number}" r:id="rId{number}"'
        f"{' state=' + chr(34) + 'hidden' + chr(34) if name in hidden else ''}/>"
        for number, name in numbered
    )
    related = "".join(
        f'<Relationship Id="rId{number}" Type="{_OFFICE}/worksheet" Target="worksheets/sheet{number}.xml"/>'
        for number, _ in numbered
    )
    related += f'<Relationship Id="rId0" Type="{_OFFICE}/styles" Target="styles.xml"/>'
    formats = "".join(f'<xf numFmtId="{number}"/>' for number in _FORMATS.values())
    relations = f'<Relationships xmlns="{_PACKAGE}/relationships">'
    names = f'xmlns="{_MAIN}" xmlns:r="{_OFFICE}"'
    return {
        "[Content_Types].xml": f'<Types xmlns="{_PACKAGE}/content-types"/>',
        "_rels/.rels": f'{relations}<Relationship Id="rId1" Type="{_OFFICE}/officeDocument" '
        'Target="xl/workbook.xml"/></Relationships>',
        "xl/workbook.xml": f"<workbook {names}><sheets>{listed}</sheets></workbook>",
        "xl/_rels/workbook.xml.rels": f"{relations}{related}</Relationships>",
        "xl/styles.xml": f'<styleSheet xmlns="{_MAIN}"><cellXfs>{formats}</cellXfs></styleSheet>',
        **{f"xl/worksheets/sheet{number}.xml": sheets[name] for number, name in numbered},
    }


def write_parts(path: Path, contents: dict[str, str | bytes]) -> Path:
    """Write an archive of parts."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in contents.items():
            archive.writestr(name, content)
    return path


def write_xlsx(path: Path, rows: Iterable[Sequence[object]], name: str = "Orders") -> Path:
    """Write an .xlsx workbook of one sheet."""
    return write_parts(path, parts({name: sheet(rows)}))


_ODS = "urn:oasis:names:tc:opendocument:xmlns"


def ods_content(rows: str, name: str = "Orders") -> dict[str, str]:
    """Give the parts of an .ods workbook of one sheet, from its rows as XML."""
    spaces = " ".join(f'xmlns:{short}="{_ODS}:{short}:1.0"' for short in ("office", "table", "text"))
    content = (
        f"<office:document-content {spaces}><office:body><office:spreadsheet>"
        f'<table:table table:name="{name}">'
        f"{rows}</table:table></office:spreadsheet></office:body></office:document-content>"
    )
    kind = "application/vnd.oasis.opendocument.spreadsheet"
    listed = f'<manifest:manifest xmlns:manifest="{_ODS}:manifest:1.0"/>'
    return {"mimetype": kind, "META-INF/manifest.xml": listed, "content.xml": content}


def ods_cell(value: object, kind: str = "", repeated: int = 1) -> str:
    """Write one cell of an .ods sheet."""
    times = f' table:number-columns-repeated="{repeated}"' if repeated > 1 else ""
    if value is None:
        return f"<table:table-cell{times}/>"
    if kind == "date":
        return f'<table:table-cell{times} office:value-type="date" office:date-value="{value}"/>'
    if isinstance(value, (int, float)):
        return f'<table:table-cell{times} office:value-type="float" office:value="{value}"/>'
    text = f"<text:p>{escape(str(value))}</text:p>"
    return f'<table:table-cell{times} office:value-type="string">{text}</table:table-cell>'


def ods_row(*cells: str, repeated: int = 1) -> str:
    """Write one row of an .ods sheet."""
    times = f' table:number-rows-repeated="{repeated}"' if repeated > 1 else ""
    return f"<table:table-row{times}>{''.join(cells)}</table:table-row>"


_SECTOR = 512
_FREE, _END, _FAT = 0xFFFFFFFF, 0xFFFFFFFE, 0xFFFFFFFD


def xls_record(kind: int, content: bytes) -> bytes:
    """Write one record of an .xls workbook."""
    return struct.pack("<HH", kind, len(content)) + content


def xls_number(row: int, column: int, value: float, form: int = 0) -> bytes:
    """Write a number of an .xls sheet; format 1 is a date."""
    return xls_record(0x0203, struct.pack("<HHHd", row, column, form, value))


def xls_text(row: int, column: int, value: str) -> bytes:
    """Write a text of an .xls sheet."""
    text = value.encode("utf-16-le")
    return xls_record(0x0204, struct.pack("<HHHHB", row, column, 0, len(value), 1) + text)


def xls_stream(cells: bytes, name: str = "Orders", more: bytes = b"") -> bytes:
    """Write the stream of an .xls workbook of one sheet (BIFF8); `more` goes before its list of sheets."""
    start = xls_record(0x0809, struct.pack("<HHHHII", 0x0600, 0x0005, 0, 1997, 0, 6))
    formats = [xls_record(0x00E0, struct.pack("<HH", 0, number).ljust(20, b"\0")) for number in (0, 14)]
    before = start + more + b"".join(formats)
    title = struct.pack("<BB", len(name), 0) + name.encode("latin-1")
    place = len(before) + 4 + 6 + len(title) + 4
    listed = xls_record(0x0085, struct.pack("<IBB", place, 0, 0) + title) + xls_record(0x000A, b"")
    body = xls_record(0x0809, struct.pack("<HHHHII", 0x0600, 0x0010, 0, 1997, 0, 6))
    return before + listed + body + cells + xls_record(0x000A, b"")


def write_xls(path: Path, stream: bytes) -> Path:
    """Write an .xls file: a compound file with the one stream of a workbook."""
    stream = stream.ljust(max(4096, -(-len(stream) // _SECTOR) * _SECTOR), b"\0")
    count = len(stream) // _SECTOR
    # Sector 0 is the table of sectors, sector 1 the directory, and the stream follows.
    table = [_FAT, _END, *range(3, 2 + count), _END]
    assert len(table) <= _SECTOR // 4, "one table of sectors is enough for a test"
    table += [_FREE] * (_SECTOR // 4 - len(table))

    def entry(name: str, kind: int, child: int, first: int, size: int) -> bytes:
        coded = (name + "\0").encode("utf-16-le")
        head = coded.ljust(64, b"\0") + struct.pack("<HBB", len(coded), kind, 1)
        return head + struct.pack("<III", _FREE, _FREE, child) + bytes(36) + struct.pack("<IQ", first, size)

    nothing = bytes(68) + struct.pack("<III", _FREE, _FREE, _FREE) + bytes(48)
    folder = entry("Root Entry", 5, 1, _END, 0) + entry("Workbook", 2, _FREE, 2, len(stream)) + nothing * 2
    header = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(16)
    header += struct.pack("<HHHHH", 0x3E, 3, 0xFFFE, 9, 6) + bytes(6)
    header += struct.pack("<IIIIIIIII", 0, 1, 1, 0, 4096, _END, 0, _END, 0)
    header += struct.pack("<109I", 0, *[_FREE] * 108)
    path.write_bytes(header + struct.pack("<128I", *table) + folder + stream)
    return path
