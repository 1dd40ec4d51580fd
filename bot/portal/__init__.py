"""The portal's world: models, rules, errors and the async client of the booking API."""
