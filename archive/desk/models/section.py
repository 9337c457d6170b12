"""The section `models`."""

from pathlib import Path

from archive.desk.models import reading
from archive.desk.section import Route, Section

SECTION = Section(
    name="models",
    title="Models",
    key="m",
    folder=Path(__file__).parent,
    waiting=lambda ask: [*reading.waiting(ask)],
    routes=(
        Route("GET", "models", reading.all_models),
        *(Route("GET", f"models/all/{what}", reading.of_all(what)) for what in ("timeline", "preferences", "keeping")),
        *(
            Route("GET", f"models/all/{what}.{{form}}", reading.of_all_file(what))
            for what in ("timeline", "preferences", "keeping")
        ),
        Route("GET", "models/{id:path}/plan.{form}", reading.plan_file),
        Route("GET", "models/{id:path}/plan", reading.the_plan),
        Route("GET", "models/{id:path}/report.{form}", reading.report_file),
        Route("GET", "models/{id:path}/report", reading.the_report),
        Route("GET", "models/{id:path}", reading.one),
    ),
)
"""What is about all models lies under ``all/``, and what makes something under ``new/``: a model's id comes last."""
