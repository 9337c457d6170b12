"""Every target by its name."""

from tests.fuzz import of_coding, of_essays, of_importers, of_records, of_register, of_verify
from tests.fuzz.target import Target

TARGETS: dict[str, Target] = {
    **of_importers.TARGETS,
    **of_records.TARGETS,
    **of_coding.TARGETS,
    **of_essays.TARGETS,
    **of_register.TARGETS,
    **of_verify.TARGETS,
}
