package genai

// text gives a field as a text, and notes that it is used.
func (r *reading) text(f field) string {
	if !r.has(f) {
		return ""
	}
	r.use(f)
	if f.content() {
		return textOf(r.get(f).value)
	}
	return wordOf(r.get(f).value)
}

// any gives a field with its structure, and notes that it is used.
func (r *reading) any(f field) any {
	if !r.has(f) {
		return nil
	}
	r.use(f)
	return spelled(r.get(f).value)
}

// content gives the first field that is there.
func (r *reading) content(fields ...field) any {
	for _, f := range fields {
		if r.has(f) {
			r.use(f)
			return r.get(f).value
		}
	}
	return nil
}
