"""The news lexicon in figures: coverage, agreement, cost, and some entries in full.

    python -m bench.lexicon [--write docs/lexicon.md]

With --write the tables between the markers of that page are made anew. Agreement is that of
`tests/quality/back_translated.tsv`: a tenth of the concepts, translated back by others who did
not see the English.
"""

import argparse
import subprocess
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path

from common.language_names import language_name
from rules.lexicons import news_source

ROOT = Path(__file__).parents[1]
KINDS = ("noun", "adjective", "institution", "place", "name", "surname", "act")
SAMPLES = (
    *("earthquake", "general-election", "ceasefire", "ransomware", "interest-rate-hike"),
    *("minimum-wage", "bird-flu", "drought", "press-freedom", "human-trafficking"),
    *("asylum-seeker", "nuclear-power-plant", "bilateral-adj", "pilgrimage", "penalty-shoot-out"),
    *("european-central-bank", "international-criminal-court", "world-health-organization"),
    *("black-sea", "vienna"),
)
_COST = """
import re, time
begin = time.process_time()
from monitor.lexicons.packed import packed_news
loaded = time.process_time()
first = packed_news()
opened = time.process_time()
from rules.expand.variants import made_of
from rules.lexicons.news import NewsLexicon
from rules.text.folding import fold_again
for _ in range(2):  # the tables of their languages are read once
    fold_again.cache_clear()
    lexicons = [NewsLexicon(lambda: first)]
    began = time.process_time()
    for term in {terms!r}:
        made_of(term, lexicons)
    looked = time.process_time()
# Not getrusage: that remembers what the process was before it became this one.
peak = int(re.search(r"VmHWM:\\s+(\\d+)", open("/proc/self/status").read())[1]) // 1024
print(loaded - begin, opened - loaded, (looked - began) / {count}, peak)
"""
_TERMS = (
    *("flood", "prime minister", "earthquakes", "Kyiv", "Strompreise", "трудовые мигранты"),
    *("voter turnout", "trade talks", "asylum seekers", "death penalty", "central bank"),
    *("border crossing", "food prices", "climate summit", "hospital beds", "gas pipeline"),
)


def coverage() -> Iterator[str]:
    """Yield the lines that each language has, of all lines of a kind, as a table."""
    every = list(news_source.concepts())
    totals = {kind: sum(each.kind == kind for each in every) for kind in KINDS}
    counts: dict[str, dict[str, int]] = {}
    forms: dict[str, int] = {}
    for concept in every:
        for language, cell in concept.forms.items():
            of = counts.setdefault(language, dict.fromkeys(KINDS, 0))
            of[concept.kind] += 1
            forms[language] = forms.get(language, 0) + len(cell)
    back = _translated_back()
    heads = " | ".join(f"{kind}s" for kind in KINDS)
    yield f"| language | {heads} | forms | agreement | read |"
    yield "|---|" + "---:|" * (len(KINDS) + 2) + "---|"
    yield "| in English | " + " | ".join(f"{totals[kind]:,}" for kind in KINDS) + " | | | |"
    for language in sorted(counts, key=lambda each: (-sum(counts[each].values()), each)):
        cells = " | ".join(f"{counts[language][kind]:,}" for kind in KINDS)
        name = language_name(language) + (" (where Traditional differs)" if "-" in language else "")
        same = back.get(language, "")
        yield f"| {name} `{language}` | {cells} | {forms[language]:,} | {same} | no |"
    yield ""
    yield f"Together: {len(every):,} lines, {sum(forms.values()):,} forms."


def _translated_back() -> Mapping[str, str]:
    """Return, by language, the share of the cells that came back with the same meaning."""
    path = ROOT / "tests" / "quality" / "back_translated.tsv"
    found = {}
    for line in path.read_text(encoding="utf-8").splitlines():
        cells = line.split("\t")
        if line.startswith("#") and cells[-1] == "done":
            break
        if not line.startswith("#"):
            language, looked_at, equal, same = cells[0], *map(int, cells[1:4])
            found[language] = f"{(equal + same) / looked_at:.1%} of {looked_at}"
    return found


def entries() -> Iterator[str]:
    """Yield some entries in full."""
    every = {concept.id: concept for concept in news_source.concepts()}
    for id_ in SAMPLES:
        concept = every[id_]
        sense = "" if concept.sense == "-" else f", {concept.sense}"
        yield f"**{concept.forms['en'][0].lstrip('@*+')}** ({concept.kind}{sense}): " + "; ".join(
            f"{language} {', '.join(forms)}" for language, forms in concept.forms.items()
        )
        yield ""


def cost() -> str:
    """Return what the packed file takes, and what looking into it costs in a fresh process."""
    program = _COST.format(terms=_TERMS, count=len(_TERMS))
    command = [sys.executable, "-c", program]
    subprocess.run(command, check=True, capture_output=True, cwd=ROOT)  # packs it, if need be
    said = subprocess.run(command, check=True, capture_output=True, cwd=ROOT, text=True).stdout
    _, opening, look, peak = said.split()
    lines = sum(file.stat().st_size for file in _files())
    packed = next(Path(str(news_source.folder())).glob("__pycache__/news.lexicon"))
    return (
        f"{lines / 1e6:.1f} MB of lines, {packed.stat().st_size / 1e6:.1f} MB packed; opened in "
        f"{float(opening) * 1e3:.1f} ms CPU, {float(look) * 1e3:.1f} ms for a rule's variants, "
        f"{peak} MiB at most for the whole process"
    )


def _files() -> list[Path]:
    return sorted(Path(str(news_source.folder())).glob("*.tsv"))


def main() -> None:
    """Print, and write when asked."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--write", type=Path)
    options = parser.parse_args()
    parts = {
        "coverage": "\n".join(coverage()),
        "cost": cost(),
        "entries": "\n".join(entries()).rstrip(),
    }
    for part in parts.values():
        print(part, end="\n\n")
    if options.write:
        text = options.write.read_text(encoding="utf-8")
        for name, made in parts.items():
            before, begin, rest = text.partition(f"<!-- {name} -->")
            _, end, after = rest.partition(f"<!-- end of {name} -->")
            if not end:
                sys.exit(f"{options.write} has no place for {name}")
            text = f"{before}{begin}\n{made}\n{end}{after}"
        options.write.write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
