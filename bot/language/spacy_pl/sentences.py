"""Sentence boundaries by the rules of `bot.language.clauses`."""

from spacy.language import Language
from spacy.tokens import Doc

from bot.language.clauses import split_sentences


@Language.component("sentences_pl", assigns=["token.is_sent_start"])
def sentences_pl(doc: Doc) -> Doc:
    """Starts a sentence at the first token at or after each sentence's start."""
    starts = [span.start for span in split_sentences(doc.text)]
    following = iter(starts)
    start = next(following, None)
    for token in doc:
        begins = start is not None and token.idx + len(token) > start
        token.is_sent_start = begins or token.i == 0
        if begins:
            start = next(following, None)
    return doc
