"""Pages as a browser would post them: answers as form data, by the names that the page gives its inputs."""

from tender.schemes.definition import FieldKind


def data_for(section, answers, **extra):
    """What the form of a section sends for these answers."""
    data = dict(extra)
    for field in section.fields:
        value, name = answers.get(field.key), f"q-{field.key}"
        if field.kind in {FieldKind.TABLE, FieldKind.PARTNERS}:
            for place, row in enumerate(value or []):
                data |= {f"{name}-{place}-{key}": said for key, said in row.items()}
        elif field.kind != FieldKind.FILE and value is not None:
            data[name] = value
    return data
