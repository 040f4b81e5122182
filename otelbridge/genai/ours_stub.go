package genai

func (r *reading) ours(bool) []Event { return nil }
