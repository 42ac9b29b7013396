from viewer.datasets.checks.finding import Severity


def rows_of(paint, names, patients, **more):
    return [
        {
            "file": paint(name, number).name,
            "class": "ab"[number % 2],
            "patient": patient,
            **{column: cells[number] for column, cells in more.items()},
        }
        for number, (name, patient) in enumerate(zip(names, patients, strict=True))
    ]


def test_that_a_number_per_file_is_told_where_another_column_joins_them(paint, table, findings):
    names, patients = [f"{n}.png" for n in range(16)], [f"p{n}" for n in range(16)]
    joined = [f"case{n // 4}" for n in range(16)]
    found = findings(table(rows_of(paint, names, patients, case_id=joined, licence=["x"] * 8 + ["y"] * 8)))
    assert found["group-per-file"].severity is Severity.WARN
    assert found["group-per-file"].sentence == (
        "16 of 16 groups in 'patient' have one file, as if it were numbered by file; 'case_id' joins all to 4: "
        "which of them is the patient?"
    )
    found = findings(table(rows_of(paint, names, joined, patient_id=patients)))
    assert "group-per-file" not in found


def test_that_files_called_alike_suggest_patients(paint, table, findings):
    names = [f"north_{1000 + n // 3}_vid{n % 3}.png" for n in range(18)]
    found = findings(table(rows_of(paint, names, [f"p{n}" for n in range(18)])))
    assert found["names-suggest-groups"].severity is Severity.WARN
    assert found["names-suggest-groups"].sentence.startswith("18 files in different groups are called alike")
    assert "are these 6 patients?" in found["names-suggest-groups"].sentence
    assert "names-suggest-groups" not in findings(table(rows_of(paint, names, [f"p{n // 3}" for n in range(18)])))


def test_that_a_running_number_is_no_patient(paint, table, findings):
    names = [f"ISIC_00{10000 + n}.png" for n in range(30)]
    assert "names-suggest-groups" not in findings(table(rows_of(paint, names, [f"p{n}" for n in range(30)])))
