"""Documents that come as files, and go as such: kept while they are read, read for their texts, and written anew."""
