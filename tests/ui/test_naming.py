from viewer.ui.naming import Naming

from .conftest import clip


def test_that_neutral_names_are_counted_at_once_and_then_not_too_often(qtbot):
    naming = Naming(de_identified=True)
    told = []
    naming.changed.connect(lambda: told.append(True))
    naming.add([clip("a.dcm")])
    assert naming.names(clip("a.dcm")).file == "Study 1 / Series 1 / Image 1"
    naming.add([clip("b.dcm")])
    naming.add([clip("c.dcm")])
    assert len(told) == 1
    assert naming.names(clip("c.dcm")).file == "Study / Series / Image"
    naming.count.timeout.emit()
    assert len(told) == 2
    assert naming.names(clip("c.dcm")).file == "Study 1 / Series 3 / Image 1"
    naming.count.stop()


def test_that_names_that_are_told_need_no_counting(qtbot):
    naming = Naming()
    told = []
    naming.changed.connect(lambda: told.append(True))
    naming.add([clip("a.dcm")])
    naming.add([clip("b.dcm")])
    assert told == []
    naming.set_de_identified(True)
    assert naming.names(clip("b.dcm")).file == "Study 1 / Series 2 / Image 1"
