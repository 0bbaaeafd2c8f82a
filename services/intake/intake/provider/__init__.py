"""The city's identity provider (OpenID Connect Core 1.0, Discovery 1.0): its description, its keys, its tokens."""
