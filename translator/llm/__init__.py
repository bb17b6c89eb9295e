"""Large language models behind a server that speaks OpenAI's protocol: what is asked, what comes back, where it goes."""
