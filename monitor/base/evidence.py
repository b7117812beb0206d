"""Where the words that an alert was raised for stand in its article as it is now."""

from dataclasses import replace

from storage.model import Alert, Article, Evidence


def as_it_stands(alert: Alert, article: Article) -> Alert:
    """Return an alert whose evidence points into its article as it is now.

    Editors add a sentence before it, or take it out. What stands elsewhere is found again; what is
    there no more comes last and is at no place, from 0 to 0.
    """
    there, gone = list[Evidence](), list[Evidence]()
    for proof in alert.evidence:
        text = article.title if proof.field == "title" else article.text
        at = _nearest(text, proof)
        if at < 0:
            gone.append(replace(proof, start=0, end=0))
        elif at == proof.start:
            there.append(proof)
        else:
            there.append(replace(proof, start=at, end=at + proof.end - proof.start))
    evidence = (*there, *gone)
    return alert if evidence == alert.evidence else replace(alert, evidence=evidence)


def _nearest(text: str, proof: Evidence) -> int:
    """Return where the words of a proof stand nearest to where they stood, or -1."""
    if text.startswith(proof.text, proof.start):
        return proof.start
    before = text.rfind(proof.text, 0, proof.start + len(proof.text))
    behind = text.find(proof.text, proof.start)
    if before < 0 or behind < 0:
        return max(before, behind)
    return before if proof.start - before <= behind - proof.start else behind
