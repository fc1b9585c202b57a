"""Where a stage is judged blind, the name of a file tells nothing."""

from tender.readout import neutral_name


def test_a_file_has_a_neutral_name_of_its_own_kind():
    assert neutral_name(7, "Begroting Studio Geheim.pdf") == "bijlage-7.pdf"
    assert neutral_name(8, "Geheim.met.punten.jpg") == "bijlage-8.jpg"
