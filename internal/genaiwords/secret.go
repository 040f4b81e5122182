package genaiwords

import "strings"

// secretEnds are ends of names of what opens doors, which some instrumentations write among parameters, headers and metadata.
var secretEnds = [...]string{
	"api_key", "api-key", "apikey", "authorization", "password", "secret", "credentials", "cookie", "access_token", "auth_token", "private_key", "secret_key",
}

// Secret tells whether something has the name of what nobody wants to be recorded.
func Secret(name string) bool {
	name = strings.ToLower(name)
	for _, end := range secretEnds {
		if strings.HasSuffix(name, end) {
			return true
		}
	}
	return false
}
