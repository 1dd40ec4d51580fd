"""Polish-language patient assistant for a medical network's patient portal."""
