"""Polish as such: text, morphology, names, negation, times. Imports nothing of ours and no Rasa."""
