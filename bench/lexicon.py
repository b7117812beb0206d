"""Coverage of the news lexicon: how many of its lines each language has.

    python -m bench.lexicon [--write docs/lexicon.md]

With --write the table between the markers of that page is made anew.
"""

import argparse
import time
import tracemalloc
from pathlib import Path

from monitor.lexicon_book import book
from rules.languages import news_lines
from rules.languages.news import NewsLexicon
from rules.languages.tables import language_name

BEGIN, END = "<!-- coverage -->", "<!-- end of coverage -->"
KINDS = ("noun", "adjective", "institution", "place")


def table() -> str:
    """Return the lines that each language has, of all lines of a kind, as a table."""
    every = list(news_lines.concepts())
    totals = {kind: sum(each.kind == kind for each in every) for kind in KINDS}
    counts: dict[str, dict[str, int]] = {}
    forms: dict[str, int] = {}
    for concept in every:
        for language, cell in concept.forms.items():
            of = counts.setdefault(language, dict.fromkeys(KINDS, 0))
            of[concept.kind] += 1
            forms[language] = forms.get(language, 0) + len(cell)
    lines = [
        "| language | " + " | ".join(f"{kind}s" for kind in KINDS) + " | forms | proofread |",
        "|---|" + "---:|" * (len(KINDS) + 1) + "---|",
        "| in English | " + " | ".join(f"{totals[kind]:,}" for kind in KINDS) + " | | |",
    ]
    for language in sorted(counts, key=lambda each: (-sum(counts[each].values()), each)):
        cells = " | ".join(f"{counts[language][kind]:,}" for kind in KINDS)
        name = language_name(language) + (" (where Traditional differs)" if "-" in language else "")
        lines.append(f"| {name} `{language}` | {cells} | {forms[language]:,} | no |")
    return "\n".join(lines)


def cost() -> str:
    """Return what the first look into the lexicon costs, and a further one."""
    lexicon = NewsLexicon(book)
    tracemalloc.start()
    begin = time.process_time()
    lexicon.forms("flood")
    first = time.process_time() - begin
    kept, _ = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    begin = time.process_time()
    for term in ("prime minister", "dam", "strike", "earthquakes", "Kyiv"):
        lexicon.forms(term)
    each = (time.process_time() - begin) / 5
    return (
        f"first look {first:.2f} s CPU, {kept / 1e6:.1f} MB kept; each further {each * 1e3:.1f} ms"
    )


def main() -> None:
    """Print, and write when asked."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--write", type=Path)
    options = parser.parse_args()
    found = cost()
    made = table()
    print(made)
    print(found)
    if options.write:
        text = options.write.read_text(encoding="utf-8")
        before, _, rest = text.partition(BEGIN)
        _, _, after = rest.partition(END)
        options.write.write_text(f"{before}{BEGIN}\n{made}\n{END}{after}", encoding="utf-8")


if __name__ == "__main__":
    main()
