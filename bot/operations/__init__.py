"""For those who run the assistant: health, metrics, logs. Knows nothing of patients or of Rasa."""
