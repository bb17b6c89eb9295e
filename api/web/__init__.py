"""The page: plain files that the API serves as they are; nothing of other hosts, and no build step."""
