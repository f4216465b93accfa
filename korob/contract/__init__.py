"""The API as data: a record per method and the structs that its bodies are made of."""
