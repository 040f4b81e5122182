package wire

// Mask hides what looks like a key.
func Mask(text string) string { return mask(text) }
