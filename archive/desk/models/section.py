"""The section `models`."""

from pathlib import Path

from archive.desk.models import reading, saying, versions
from archive.desk.section import Route, Section

SECTION = Section(
    name="models",
    title="Models",
    key="m",
    folder=Path(__file__).parent,
    waiting=lambda ask: [*reading.waiting(ask)],
    routes=(
        Route("GET", "models", reading.all_models),
        *(Route("GET", f"models/all/{what}", reading.of_all(what)) for what in reading.OF_ALL),
        *(Route("GET", f"models/all/{what}.{{form}}", reading.of_all_file(what)) for what in reading.OF_ALL),
        Route("GET", "models/all/{what}", versions.all_versions),
        Route("POST", "models/all/{what}", versions.begin),
        Route("GET", "models/all/{what}/{id}/{version}", versions.one),
        Route("POST", "models/all/{what}/{id}/{version}", versions.keep),
        Route("GET", "models/new", saying.model_form),
        Route("POST", "models/new", saying.new_model),
        Route("GET", "models/preferences/{number}/{slug}", reading.of_preference),
        Route("GET", "models/{id:path}/facts/{kind}", saying.fact_form),
        Route("POST", "models/{id:path}/facts/{kind}", saying.say_fact),
        Route("GET", "models/{id:path}/facts/{kind}/{number}", saying.fact_form),
        Route("POST", "models/{id:path}/facts/{kind}/{number}", saying.say_fact),
        Route("GET", "models/{id:path}/answers/{slug}", saying.answer_form),
        Route("POST", "models/{id:path}/answers/{slug}", saying.say_answer),
        Route("POST", "models/{id:path}/file", saying.file_folder),
        Route("GET", "models/{id:path}/plan.{form}", reading.plan_file),
        Route("GET", "models/{id:path}/plan", reading.the_plan),
        Route("GET", "models/{id:path}/life.{form}", reading.life_file),
        Route("GET", "models/{id:path}/report.{form}", reading.report_file),
        Route("GET", "models/{id:path}/report", reading.the_report),
        Route("GET", "models/{id:path}", reading.one),
    ),
)
"""In this order: a model's id may hold anything, and comes last."""
