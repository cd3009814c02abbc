"""Web servers on loopback, started with the rules of a publication as their users start them.

Each runs as a single process and as the user nobody, in a folder that everybody may read, and is ended with the tests.
If one is missing, a message says what to install.
"""

from __future__ import annotations

import os
import shutil
from pathlib import Path

from tests.engines import Server, free_port
from tests.strict import STRICT, skip_or_fail

APACHE_MODULES = Path("/usr/lib/apache2/modules")
PACKAGES = {"nginx": "nginx", "apache": "apache2-bin", "caddy": "caddy"}
PROGRAMS = {"nginx": "nginx", "apache": "apache2", "caddy": "caddy"}
LOADED = "authz_core authz_host alias deflate dir env filter headers mime mpm_event rewrite autoindex"
"""The default modules of Debian, with headers and rewrite; the rules must keep autoindex from listing folders."""


def program(name: str) -> str | None:
    return shutil.which(PROGRAMS[name.partition("-")[0]], path=os.environ.get("PATH", "") + ":/usr/sbin")


def require(name: str) -> None:
    """Skip a test whose server is not installed, saying what to install; in the strict run, fail."""
    if program(name) is None:
        skip_or_fail(f"{name} is missing: apt-get install {PACKAGES[name.partition('-')[0]]}")


def as_nobody(command: list[str]) -> list[str]:
    """The command, run as nobody if this process is root; any other user needs no change."""
    if os.geteuid() != 0:
        return command
    return ["setpriv", "--reuid=65534", "--regid=65534", "--clear-groups", *command]


def nginx(folder: Path, root: Path, rules: Path, probe: str) -> Server:
    """nginx with a server block whose ``root`` holds a publication; ``rules`` is its folder ``server``."""
    port = free_port()
    temporary = " ".join(f"{kind}_temp_path {folder}/{kind};" for kind in
                         ("client_body", "proxy", "fastcgi", "uwsgi", "scgi"))  # fmt: skip
    (folder / "nginx.conf").write_text(
        f"daemon off; master_process off; pid {folder}/pid; error_log stderr;\nevents {{ }}\n"
        f"http {{ access_log off; {temporary} include {rules}/nginx.http.conf;\n"
        f"server {{ listen 127.0.0.1:{port}; root {root}; include {rules}/nginx.conf; }} }}\n"
    )
    command = as_nobody([str(program("nginx")), "-e", "stderr", "-c", str(folder / "nginx.conf")])
    url = f"http://127.0.0.1:{port}"
    return Server(command, folder, url, url + probe)


def apache(folder: Path, root: Path, rules: Path, probe: str) -> Server:
    """Apache with a document root that holds the publication and its ``.htaccess``."""
    how = f"<Directory {root}>\nOptions Indexes FollowSymLinks\nAllowOverride FileInfo Indexes\n"
    return _apache(folder, root, f"{how}Require all granted\n</Directory>\n", probe)


def apache_included(folder: Path, root: Path, rules: Path, probe: str) -> Server:
    """Apache that includes the rules in its own configuration and reads no ``.htaccess``."""
    how = f"<Directory {root}>\nOptions Indexes FollowSymLinks\nAllowOverride None\nRequire all granted\n</Directory>\n"
    how += f'<Directory "{rules.parent}">\nInclude "{rules}/apache.htaccess"\n</Directory>\n'
    return _apache(folder, root, how, probe)


def _apache(folder: Path, root: Path, how: str, probe: str) -> Server:
    port = free_port()
    loaded = "".join(f"LoadModule {m}_module {APACHE_MODULES}/mod_{m}.so\n" for m in LOADED.split())
    (folder / "httpd.conf").write_text(
        f"{loaded}ServerName 127.0.0.1\nListen 127.0.0.1:{port}\nPidFile {folder}/pid\nErrorLog {folder}/error.log\n"
        f"DefaultRuntimeDir {folder}\nTypesConfig /dev/null\nDocumentRoot {root}\n{how}"
    )
    command = as_nobody([str(program("apache")), "-X", "-d", str(folder), "-f", str(folder / "httpd.conf")])
    url = f"http://127.0.0.1:{port}"
    return Server(command, folder, url, url + probe)


def caddy(folder: Path, root: Path, rules: Path, probe: str) -> Server:
    """Caddy with the Caddyfile of ``rules``; environment variables give its address and its folder."""
    port = free_port()
    url = f"http://127.0.0.1:{port}"
    (folder / "Caddyfile").write_text(f"{{\n    admin off\n    auto_https off\n}}\nimport {rules}/Caddyfile\n")
    variables = {"COMMUNIQUE_ADDRESS": url, "COMMUNIQUE_ROOT": str(root), "HOME": str(folder)}
    environment = ["env", *(f"{name}={value}" for name, value in variables.items())]
    run = [str(program("caddy")), "run", "--adapter", "caddyfile", "--config", str(folder / "Caddyfile")]
    return Server(as_nobody([*environment, *run]), folder, url, url + probe)


SERVERS = {"nginx": nginx, "apache": apache, "apache-included": apache_included, "caddy": caddy}


def make_readable(folder: Path) -> None:
    """Let everybody read everything below a folder, and write into the folder itself."""
    folder.chmod(0o777)
    for path in folder.rglob("*"):
        path.chmod(0o777 if path.is_dir() else 0o644)


def installed_servers() -> list[str]:
    """The servers that are installed; in the strict run, all of them."""
    return [name for name in SERVERS if STRICT or program(name)]
