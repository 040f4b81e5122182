package genai

import "github.com/sentrial/sentrial-go/internal/genaiwords"

// secret tells whether something has the name of what nobody wants to be recorded.
func secret(name string) bool { return genaiwords.Secret(name) }
