"""Understanding: Rasa graph components that plug `bot.language` into the pipeline of `config.yml`."""
