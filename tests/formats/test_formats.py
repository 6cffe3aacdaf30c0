import csv
import io
from pathlib import Path
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

import karat.formats
from karat.formats import (
    FORMATS,
    DeliveredLabel,
    Format,
    FormatUnknown,
    NotExpressible,
    Provenance,
    format_named,
    write,
)
from karat.formats.csv_table.cells import disarm, rearm
from karat.kit import Fault
from karat.modalities import Annotation, Media

ROOT = Path(__file__).parents[2]
JSONL, CSV, COCO = FORMATS
FIXTURES = {
    one.name: next(Path(karat.formats.__file__).parent.glob(f"*/fixture{one.suffix}")).read_bytes() for one in FORMATS
}

texts = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"))
probabilities = st.floats(0, 1)
labels = st.builds(
    DeliveredLabel,
    asset_id=st.uuids(),
    external_id=st.none() | texts.filter(bool),
    name=texts,
    sha256=st.none() | st.just("ab" * 32),
    media=st.none() | st.builds(Media, modality=st.just("image"), media_type=texts, width=st.integers(1, 2**40)),
    metadata=st.dictionaries(texts, texts, max_size=3),
    annotations=st.just(())
    | st.tuples(
        st.builds(
            Annotation,
            kind=st.sampled_from(["image.class", "text.class"]),
            payload=st.fixed_dictionaries({"label_class": texts.filter(lambda text: 0 < len(text) <= 200)}),
        )
    ),
    provenance=st.builds(
        Provenance,
        posterior=st.none() | st.dictionaries(texts, probabilities, max_size=3),
        confidence=st.none() | probabilities,
        n_answers=st.integers(0, 2**31),
        model_version=st.none() | texts,
        reviewed=st.booleans(),
        checked=st.booleans(),
    ),
    ontology_version_id=st.none() | st.uuids(),
    certificate_id=st.none() | st.uuids(),
)


def written(items: list[DeliveredLabel], form: Format) -> bytes:
    return b"".join(write(items, form))


def read(data: bytes, form: Format) -> list[DeliveredLabel | Fault]:
    return list(form.read(io.BytesIO(data)))


def good(data: bytes, form: Format) -> list[DeliveredLabel]:
    found = read(data, form)
    assert not [one for one in found if isinstance(one, Fault)]
    return [one for one in found if isinstance(one, DeliveredLabel)]


def as_csv_tells_it(label: DeliveredLabel) -> DeliveredLabel:
    """What is left of a label after the losses that the format names."""
    told = label.provenance
    return DeliveredLabel(
        asset_id=label.asset_id,
        external_id=label.external_id,
        name=label.name,
        annotations=label.annotations,
        provenance=Provenance(
            confidence=told.confidence,
            n_answers=told.n_answers,
            reviewed=told.source == "review",
            checked=told.source == "check",
        ),
    )


@given(st.lists(labels, max_size=4))
def test_karat_jsonl_gives_back_everything_that_it_wrote(items: list[DeliveredLabel]) -> None:
    assert JSONL.cannot_express == ()
    assert good(written(items, JSONL), JSONL) == items


@given(st.lists(labels, max_size=4))
def test_csv_gives_back_all_that_it_does_not_name_as_lost(items: list[DeliveredLabel]) -> None:
    assert good(written(items, CSV), CSV) == [as_csv_tells_it(item) for item in items]


@pytest.mark.parametrize("form", FORMATS, ids=lambda form: form.name)
def test_the_fixture_of_every_format_is_read_and_written_back_to_the_byte(form: Format) -> None:
    items = good(FIXTURES[form.name], form)
    assert len(items) == 8
    if form is not CSV:
        assert written(items, form) == FIXTURES[form.name]


def test_the_two_fixtures_hold_the_same_labels_up_to_what_csv_cannot_express() -> None:
    items = good(FIXTURES["karat-jsonl"], JSONL)
    assert written(items, CSV) == FIXTURES["csv"]
    assert good(FIXTURES["csv"], CSV) == [as_csv_tells_it(item) for item in items]


@pytest.mark.parametrize("form", FORMATS, ids=lambda form: form.name)
def test_every_format_has_a_page_that_names_what_it_cannot_express(form: Format) -> None:
    page = (ROOT / "docs" / "reference" / "formats" / f"{form.name}.md").read_text()
    assert page.startswith(f"# `{form.name}`")
    for loss in form.cannot_express:
        assert f"- {loss}\n" in page


@pytest.mark.parametrize("form", FORMATS, ids=lambda form: form.name)
def test_a_long_delivery_is_written_in_chunks_while_the_labels_still_come(form: Format) -> None:
    item = good(FIXTURES[form.name], form)[0]
    taken = 0

    def endless() -> object:
        nonlocal taken
        while True:
            taken += 1
            yield item

    chunks = write(endless(), form)  # type: ignore[arg-type]
    assert 2**16 <= len(next(chunks)) < 2**16 + 2**12
    assert taken < 2000


def test_no_cell_of_a_csv_begins_as_a_formula_does() -> None:
    items = good(FIXTURES["karat-jsonl"], JSONL)
    cells = [cell for row in csv.reader(io.StringIO(written(items, CSV).decode(), newline="")) for cell in row]
    assert not [cell for cell in cells if cell.startswith(("=", "+", "-", "@", "\t", "\r", "\n"))]
    assert """'=HYPERLINK("http://evil.example","click")""" in cells
    assert "'-42" in cells


@given(texts)
def test_disarming_a_cell_is_undone_exactly(cell: str) -> None:
    assert rearm(disarm(cell)) == cell
    assert not disarm(cell).startswith(("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠"))


def test_hostile_names_are_only_data() -> None:
    names = ["../../etc/passwd", "<script>alert(1)</script>", 'a\r\nb,c"d', "\u202egnp.exe", "C:\\x", "x" * 5000]
    items = [DeliveredLabel(asset_id=UUID(int=i), name=name) for i, name in enumerate(names)]
    for form in FORMATS:
        assert [one.name for one in good(written(items, form), form)] == names


def test_a_line_that_is_no_label_is_a_fault_with_its_number_and_the_others_are_kept() -> None:
    line = FIXTURES["karat-jsonl"].splitlines(keepends=True)[0]
    bad = [b"{\n", b'{"format":"karat.label/2"}\n', line.replace(b'"name"', b'"nome"'), b"\xff\n", b"[]\n", b"\n"]
    found = read(b"\xef\xbb\xbf" + line + b"".join(bad) + line, JSONL)
    assert [one.where for one in found if isinstance(one, Fault)] == [f"line {number}" for number in range(2, 7)]
    assert {one.code for one in found if isinstance(one, Fault)} == {"line.malformed"}
    assert isinstance(found[0], DeliveredLabel)
    assert isinstance(found[-1], DeliveredLabel)


def test_a_row_that_is_no_label_is_a_fault_with_its_number_and_the_others_are_kept() -> None:
    head, row = FIXTURES["csv"].splitlines(keepends=True)[:2]
    bad = [
        row.replace(b"01941f29", b"zz"),
        row.replace(b"image.class", b"image.smell"),
        b"a,b\r\n",
        row.replace(b"0.99", b"7.99"),
        b'"a"b,c\r\n',
        row.replace(b",0,model", b",-1,model"),
    ]
    found = read(head + row + b"".join(bad) + row, CSV)
    assert [(one.code, one.where) for one in found if isinstance(one, Fault)] == [
        ("row.malformed", "row 3"),
        ("kind.unknown", "row 4"),
        ("row.ragged", "row 5"),
        ("row.malformed", "row 6"),
        ("row.malformed", "row 7"),
        ("row.malformed", "row 8"),
    ]
    assert isinstance(found[-1], DeliveredLabel)
    assert [one.code for one in read(b"id,name\r\n", CSV) if isinstance(one, Fault)] == ["csv.missing_column"]


@pytest.mark.parametrize("form", FORMATS, ids=lambda form: form.name)
@given(data=st.binary(max_size=200))
def test_no_bytes_raise(form: Format, data: bytes) -> None:
    for offered in (data, FIXTURES[form.name][:120] + data):
        assert all(isinstance(one, DeliveredLabel | Fault) for one in read(offered, form))


def test_csv_refuses_what_it_has_no_place_for_instead_of_dropping_it() -> None:
    one = Annotation(kind="image.class", payload={"label_class": "cat"})
    with pytest.raises(NotExpressible):
        CSV.line(DeliveredLabel(asset_id=UUID(int=1), name="a", annotations=(one, one)))


def test_an_unknown_format_is_named_with_those_that_there_are() -> None:
    assert [format_named(form.name) for form in FORMATS] == list(FORMATS)
    with pytest.raises(FormatUnknown) as caught:
        format_named("pascal")
    assert caught.value.data["known"] == ["karat-jsonl", "csv", "coco"]


def test_a_format_says_which_kinds_it_takes() -> None:
    taken = {form.name: [kind for kind in ("image.class", "text.class") if form.takes(kind)] for form in FORMATS}
    assert taken == {"karat-jsonl": ["image.class", "text.class"], "csv": ["image.class", "text.class"], "coco": []}
    assert COCO.takes("image.box")
