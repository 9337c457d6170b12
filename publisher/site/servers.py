"""The configuration of two web servers that send with each file of a site what `headers` says: nginx and Caddy."""

from publisher.site.headers import AGES, BY_PATH, ENDS, SHORT, TEXT, every, expression

NGINX = """\
map $uri $emeritus_age {{
    default "{short}";
{ages}}}
{policies}
server {{
    listen 80;
    server_name {host};
    root {root};
    index index.html;

{every}    add_header Cache-Control $emeritus_age;

    error_page 404 /404.html;
    default_type "{text}";
    types {{
{types}    }}
{locations}}}
"""
NGINX_POLICIES = """
map $uri $emeritus_policy {{
    default "{default}";
    "~^/search/" "{search}";
}}
"""
CADDY = """\
{host} {{
	root * {root}
	encode gzip
	route {{
{every}{policies}		header Cache-Control "{short}"
{ages}		header Content-Type "{text}"
{types}{locations}		file_server
	}}
	handle_errors {{
		rewrite * /404.html
		header Content-Type "{html}"
		file_server
	}}
}}
"""
POLICY = "Content-Security-Policy"
"""Where search/ has an index, that folder alone is sent one that lets its script run."""


def nginx(host: str, root: str, *, searched: bool = False) -> str:
    """A file for ``/etc/nginx/conf.d/``: the site in the folder `root`, as `host`."""
    ages = [f'    "~{_any(rules)}" "{age}";\n' for age, rules in AGES.items()]
    locations = [
        f'    location ~ "^/{form}$" {{ types {{ }} default_type "{kind}"; }}\n' for form, kind in BY_PATH.items()
    ]
    policies, sent = "", dict(every())
    if searched:
        policies = NGINX_POLICIES.format(default=sent[POLICY], search=every(searched=True)[POLICY])
        sent[POLICY] = "$emeritus_policy"
    return NGINX.format(
        host=host,
        root=root,
        short=SHORT,
        ages="".join(ages),
        policies=policies,
        every="".join(f'    add_header {name} "{value}";\n' for name, value in sent.items()),
        text=TEXT,
        types="".join(f'        "{kind}" {" ".join(ends)};\n' for kind, ends in _ends().items()),
        locations="".join(locations),
    )


def caddy(host: str, root: str, *, searched: bool = False) -> str:
    """A site of a Caddyfile; the same."""
    ages, locations, types = "", "", ""
    for number, (age, rules) in enumerate(AGES.items(), 1):
        ages += f'\t\t@age{number} path_regexp "{_any(rules)}"\n\t\theader @age{number} Cache-Control "{age}"\n'
    for number, (kind, ends) in enumerate(_ends().items(), 1):
        names = " ".join([*(f"*.{end}" for end in ends), *(["*/"] if "html" in ends else [])])
        types += f'\t\t@type{number} path {names}\n\t\theader @type{number} Content-Type "{kind}"\n'
    for number, (form, kind) in enumerate(BY_PATH.items(), 1):
        locations += f'\t\t@path{number} path_regexp "^/{form}$"\n\t\theader @path{number} Content-Type "{kind}"\n'
    policy = every(searched=True)[POLICY]
    return CADDY.format(
        host=host,
        root=root,
        short=SHORT,
        ages=ages,
        policies=f'\t\t@search path /search/*\n\t\theader @search {POLICY} "{policy}"\n' if searched else "",
        every="".join(f'\t\theader {name} "{value}"\n' for name, value in every().items()),
        text=TEXT,
        html=ENDS["html"],
        types=types,
        locations=locations,
    )


def _any(rules: tuple[str, ...]) -> str:
    """One regular expression for several rules."""
    return f"^({'|'.join(expression(rule) for rule in rules)})$"


def _ends() -> dict[str, list[str]]:
    """Type → the ends of names that have it, but for text, which is what is left."""
    found: dict[str, list[str]] = {}
    for end, kind in ENDS.items():
        if kind != TEXT:
            found.setdefault(kind, []).append(end)
    return found
