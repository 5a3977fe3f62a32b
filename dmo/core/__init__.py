"""What knows no word of the domain: chains, codecs, acts, facts, views."""
