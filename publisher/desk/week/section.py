"""What the week hands to the desk."""

from pathlib import Path

from archive.desk.section import Route, Section
from publisher.desk.week import issue, looks, mail, overview, setup, site, week, withdraw

SECTION = Section(
    name="week",
    title="The week",
    key="w",
    folder=Path(__file__).parent,
    routes=(
        Route("GET", "week", overview.overview),
        Route("GET", "week/saved", looks.saved),
        Route("GET", "week/site", site.site),
        Route("POST", "week/site/publish", site.publish_site),
        Route("POST", "week/site/build", site.build),
        Route("POST", "week/site/copy", site.copy),
        Route("POST", "week/site/cosign", site.cosign),
        Route("GET", "week/site/server", site.server),
        Route("GET", "week/setup", setup.form),
        Route("POST", "week/setup", setup.set_up),
        Route("POST", "week/setup/revoke", setup.revoke),
        Route("PUT", "week/setup/keys/{name}", setup.take_key),
        Route("GET", "week/withdraw/{slug}", withdraw.form),
        Route("POST", "week/withdraw/{slug}", withdraw.withdraw),
        Route("GET", "week/{week}", week.week),
        Route("GET", "week/{week}/look/{essays}/{path:path}", looks.look),
        Route("POST", "week/{week}/publish", issue.publish_week),
        Route("POST", "week/{week}/skip", issue.skip_weeks),
        Route("POST", "week/{week}/send", mail.send),
        Route("POST", "week/{week}/test", mail.test),
    ),
    waiting=overview.waiting,
)
