"""What is kept while the assistant runs: how its databases are opened, whoever keeps something there."""
