package httptap

import (
	"net/http"
	"net/url"
	"slices"
	"strings"
)

// secrets are what a request proves itself with. Error texts may repeat them.
type secrets []string

// shortest is how long a value must be to count: shorter ones are words.
const shortest = 6

func secretsOf(req *http.Request) secrets {
	var s secrets
	for name, values := range req.Header {
		if secretName(name) {
			s.addAll(values)
		}
	}
	if strings.Contains(req.URL.RawQuery, "=") {
		for name, values := range req.URL.Query() {
			if secretName(name) {
				s.addAll(values)
			}
		}
	}
	if user := req.URL.User; user != nil {
		password, _ := user.Password()
		s.add(user.Username())
		s.add(password)
	}
	slices.SortFunc(s, func(a, b string) int { return len(b) - len(a) })
	return s
}

func secretName(name string) bool {
	name = strings.ToLower(name)
	return slices.ContainsFunc([]string{"key", "token", "secret", "auth", "cookie", "sig", "password", "credential"}, func(word string) bool {
		return strings.Contains(name, word)
	})
}

func (s *secrets) addAll(values []string) {
	for _, v := range values {
		s.add(v)
		if _, bare, ok := strings.Cut(v, " "); ok { // Bearer ...
			s.add(bare)
		}
	}
}

func (s *secrets) add(value string) {
	if value = strings.TrimSpace(value); len(value) >= shortest {
		*s = append(*s, value)
		if escaped := url.QueryEscape(value); escaped != value {
			*s = append(*s, escaped)
		}
	}
}

// hide is text without the secrets.
func (s secrets) hide(text string) string {
	for _, secret := range s {
		text = strings.ReplaceAll(text, secret, "[hidden]")
	}
	return text
}
