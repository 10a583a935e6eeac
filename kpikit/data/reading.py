"""From a file to a table with the contract's columns and types; every fault names file, line and value."""

from __future__ import annotations

from pathlib import Path

import pandas as pd

from kpikit.data.contract import TABLES
from kpikit.data.mapping import TableFile
from kpikit.errors import DataError, listing

__all__ = ["read_table"]

_ISO = r"\d{4}-\d{2}-\d{2}(?:[ T]\d{2}:\d{2}.*)?"


def read_table(folder: Path, name: str, source: TableFile) -> pd.DataFrame:
    """Read one table of a dataset.

    Parameters
    ----------
    folder
        Where the files lie.
    name
        The table of the data contract.
    source
        Its entry in `dataset.yaml`.

    Returns
    -------
    pandas.DataFrame
        The columns of the contract that the source has, with their types.

    Raises
    ------
    DataError
        If a file or a required column is missing, a key of a join stands twice, or a value cannot be read.
    """
    raw = read_file(folder / source.file, source)
    columns = {}
    for column, wanted in TABLES[name].items():
        origin = source.columns.get(column, column)
        if column in source.constants:
            columns[column] = pd.Series(source.constants[column], index=raw.index, dtype="str")
        elif origin in raw.columns:
            columns[column] = raw[origin]
        elif column in source.columns:
            raise _missing(source.file, origin, list(raw.columns), f"columns: {{{column}: …}}")
        elif wanted.is_required and not _is_taken(source, column):
            hint = f"map it in dataset.yaml (columns: {{{column}: …}})"
            raise _missing(source.file, column, list(raw.columns), hint)
    table = pd.DataFrame(columns, index=raw.index)
    for join in source.joins:
        table = _join(folder, raw, table, source, join)
    typed = {column: _typed(table[column], name, column, source) for column in table}
    return pd.DataFrame(typed, index=table.index)


def read_file(path: Path, source: TableFile) -> pd.DataFrame:
    """Read a CSV file as text, or a Parquet file as it is typed."""
    if not path.is_file():
        there = sorted(p.name for p in path.parent.glob("*") if p.is_file()) if path.parent.is_dir() else []
        raise DataError("load", f"there is no file {path}", f"Files there: {listing(there) or 'none'}")
    try:
        if path.suffix == ".parquet":
            return pd.read_parquet(path)
        return pd.read_csv(
            path,
            dtype="str",
            keep_default_na=False,
            na_values=source.nulls,
            sep=source.delimiter,
            encoding=source.encoding,
            skip_blank_lines=False,
        )
    except (ValueError, OSError, LookupError) as fault:
        text = str(fault).splitlines()[0] if str(fault) else type(fault).__name__
        raise DataError(f"load: {path.name}", f"the file cannot be read: {text}") from None


def _missing(file: str, column: str, columns: list[str], hint: str) -> DataError:
    return DataError("load", f"column '{column}' not found in {file}", f"Columns: {listing(columns, 30)}", hint)


def _is_taken(source: TableFile, column: str) -> bool:
    return any(column in join.take for join in source.joins)


def _join(folder: Path, raw: pd.DataFrame, table: pd.DataFrame, source: TableFile, join) -> pd.DataFrame:
    ((mine, theirs),) = join.on.items()
    side = read_file(folder / join.file, source)
    for column in (theirs, *join.take.values()):
        if column not in side:
            raise _missing(join.file, column, list(side.columns), "the names in a join are those of the file")
    keys = table[mine] if mine in table else raw[mine] if mine in raw else None
    if keys is None:
        raise _missing(source.file, mine, list(raw.columns), "a join needs a column of the table as its key")
    known = _as_id(side[theirs])
    twice = known[known.duplicated() & known.notna()]
    if len(twice):
        raise DataError(
            f"load: {join.file}, line {twice.index[0] + 2}",
            f"key {theirs} '{twice.iloc[0]}' stands more than once, so a join would multiply rows of {source.file}",
            hint="join a file in which the key stands once",
        )
    side = side.assign(**{theirs: known}).dropna(subset=[theirs]).set_index(theirs)
    keys = _as_id(keys)
    return table.assign(**{column: keys.map(side[origin]) for column, origin in join.take.items()})


def _as_id(values: pd.Series) -> pd.Series:
    """Write ids as text; `2.0` in a column of whole numbers is `2`."""
    if values.dtype.kind in "iu":
        return values
    if values.dtype.kind == "f":
        whole = values.dropna()
        values = values.astype("Int64") if (whole % 1 == 0).all() else values
    text = values.astype("str").where(values.notna()).str.strip()
    known = text.dropna()
    if len(known) and known.str.endswith(".0").any() and known.str.fullmatch(r"-?\d+(\.0)?").all():
        text = text.str.removesuffix(".0")
    return text


def _typed(values: pd.Series, table: str, column: str, source: TableFile) -> pd.Series:
    kind = TABLES[table][column].kind
    if kind == "id":
        return _as_id(values)
    if kind == "text":
        return values.astype("str").where(values.notna()).str.strip().astype("str")
    if kind == "number":
        return _number(values, column, source)
    return _date(values, kind, column, source)


def _number(values: pd.Series, column: str, source: TableFile) -> pd.Series:
    if values.dtype.kind in "iuf":
        return values.astype("float64")
    text = values.astype("str").where(values.notna()).str.strip()
    if source.thousands:
        text = text.str.replace(source.thousands, "", regex=False)
    if source.decimal == ",":
        text = text.str.replace(",", ".", regex=False)
    numbers = pd.to_numeric(text, errors="coerce")
    wrong = text.notna() & ~numbers.abs().lt(float("inf"))
    _refuse(wrong, values, source, column, "is not a number", "say how numbers are written (decimal, thousands)")
    return numbers.astype("float64")


def _date(values: pd.Series, kind: str, column: str, source: TableFile) -> pd.Series:
    hint = "say how dates are written (dates: '%d/%m/%Y')"
    if values.dtype.kind == "M":
        moments = values.dt.tz_localize(None) if getattr(values.dtype, "tz", None) else values
    elif pd.api.types.is_string_dtype(values) or values.isna().all():
        text = values.astype("str").where(values.notna()).str.strip()
        if source.dates:
            moments = pd.to_datetime(text, format=source.dates, errors="coerce")
        else:
            if kind == "month":
                text = text.where(~text.str.fullmatch(r"\d{4}-\d{2}").fillna(False), text + "-01")
            iso = text.str.fullmatch(_ISO).fillna(False)
            moments = pd.to_datetime(text.where(iso), format="ISO8601", errors="coerce")
        _refuse(text.notna() & moments.isna(), values, source, column, "is not a date", hint)
    else:
        moments = pd.to_datetime(values.astype("str").where(values.notna()), format="ISO8601", errors="coerce")
        _refuse(values.notna() & moments.isna(), values, source, column, "is not a date", hint)
    if kind == "moment":
        return moments.astype("datetime64[us]")
    if kind == "month":
        moments = moments.dt.to_period("M").dt.to_timestamp()
    return moments.dt.normalize().astype("datetime64[s]")


def _refuse(wrong: pd.Series, values: pd.Series, source: TableFile, column: str, fault: str, hint: str) -> None:
    if wrong.any():
        place = int(wrong.to_numpy().argmax())
        many = int(wrong.sum())
        more = f" ({many} such values)" if many > 1 else ""
        raise DataError(
            f"load: {source.file}, line {place + 2}",
            f"{column} '{values.iloc[place]}' {fault}{more}",
            hint=hint,
        )
