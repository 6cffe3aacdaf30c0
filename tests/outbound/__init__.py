"""The SSRF lab: name servers and web servers that mean no good."""
