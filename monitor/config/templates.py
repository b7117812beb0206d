"""Texts that are made from the list of settings: a commented monitor.toml, docs/settings.md."""

import textwrap

from monitor.config.settings import SETTINGS, Setting


def monitor_toml() -> str:
    """Return a monitor.toml in which every setting is explained and none is set."""
    lines = [
        "# Settings of the news monitor. Every line is optional.",
        "# Each may also be given in the environment: smtp_host as MONITOR_SMTP_HOST, and so on;",
        '# the environment wins. "${NAME}" puts a variable of the environment in.',
    ]
    for setting in SETTINGS:
        lines += ["", *_comment(setting.purpose.replace("`", ""))]
        if setting.default:
            lines += _comment(f"Unless set: {setting.default.replace('`', '')}.")
        if setting.name == "home":
            lines += _comment("Cannot be set in the file that lies in the data folder.")
        lines.append(f"# {setting.name} = {setting.example}")
        if setting.secret:
            lines.append(f'# {setting.name}_file = "/run/secrets/{setting.name}"')
    return "\n".join(lines) + "\n"


def settings_page() -> str:
    """Return the table of docs/settings.md."""
    rows = ["| key | variable | what it is | unless set |", "|---|---|---|---|"]
    rows += [_row(setting) for setting in SETTINGS]
    return "\n".join(rows) + "\n"


def _row(setting: Setting) -> str:
    names = f"`{setting.name}`", f"`{setting.variable}`"
    if setting.secret:
        names = f"{names[0]}, `{setting.name}_file`", f"{names[1]}, `{setting.variable}_FILE`"
    return f"| {names[0]} | {names[1]} | {setting.purpose} | {setting.default or '–'} |"


def _comment(text: str) -> list[str]:
    return textwrap.wrap(text, 96, initial_indent="# ", subsequent_indent="# ")
