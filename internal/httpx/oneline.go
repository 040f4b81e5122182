package httpx

// OneLine makes a text from elsewhere fit for one line of a log: control characters become spaces, what is invisible goes, and it is cut at 512 bytes.
func OneLine(s string) string { return foreign(s) }
