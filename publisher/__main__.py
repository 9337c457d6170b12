"""``python -m publisher``"""

from publisher.cli.entry import publisher

publisher()
