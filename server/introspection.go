package server

import (
	"cmp"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"net/url"
	"slices"
	"strings"
)

// Introspection makes the bearer tokens of an identity provider good beside keys, so that agents send events under their own identity. A token is one if the
// endpoint says so (RFC 7662). What looks like a key is never shown to it.
type Introspection struct {
	URL          string   // of the endpoint: https, or http to this machine
	ClientID     string   // whom the server is for the provider; "" = nobody in particular
	ClientSecret string   `json:"-"` // never printed either
	TokenURL     string   // where ClientID and ClientSecret get a bearer token for the endpoint (RFC 6749); "" = they are shown to the endpoint itself (Basic)
	Scope        string   // of that token; "" = whatever the provider thinks right
	Project      string   // what tokens speak for; default "default"
	Require      []string // scopes that a token must have, each of them
	Audience     string   // whom a token must have been made for, as the provider says (aud); "" = anybody, also others that the provider knows

	HTTPClient *http.Client `json:"-"` // nil = one of its own. Redirects are not followed.
}

// Format leaves the secret out, whatever the verb.
func (i Introspection) Format(f fmt.State, _ rune) {
	_, _ = fmt.Fprintf(f, "introspection at %s as %s for project %s", i.host(), cmp.Or(i.ClientID, "nobody"), cmp.Or(i.Project, "default"))
}

// LogValue is for log/slog.
func (i Introspection) LogValue() slog.Value { return slog.StringValue(fmt.Sprint(i)) }

// host is where the endpoint is; the rest of the URL may hold a secret.
func (i Introspection) host() string {
	if u, err := url.Parse(i.URL); err == nil {
		return u.Host
	}
	return "nowhere"
}

// Check says what is wrong with the configuration, as [New] does.
func (i Introspection) Check() error {
	_, err := i.check()
	return err
}

// check returns the configuration with its defaults.
func (i Introspection) check() (Introspection, error) {
	if err := checkEndpoint("introspection", i.URL); err != nil {
		return i, err
	}
	i.Project = cmp.Or(i.Project, "default")
	switch {
	case !validID(i.Project):
		return i, fmt.Errorf("introspection: project %q: expected 1 to 128 characters of A-Z a-z 0-9 _ . : -", shorten(i.Project))
	case slices.ContainsFunc(i.Require, func(scope string) bool { return len(strings.Fields(scope)) != 1 }):
		return i, fmt.Errorf("introspection: required scopes %q: expected one scope each, such as agents:read", i.Require)
	case (i.ClientID == "") != (i.ClientSecret == ""):
		return i, errors.New("introspection: expected client ID and client secret, or neither")
	case i.TokenURL != "" && i.ClientID == "":
		return i, errors.New("introspection: a token endpoint needs client ID and client secret")
	}
	if i.TokenURL == "" {
		return i, nil
	}
	return i, checkEndpoint("token", i.TokenURL)
}

// checkEndpoint refuses what would send tokens readable over a network. Errors do not repeat what may be a secret.
func checkEndpoint(what, text string) error {
	u, err := url.Parse(text)
	switch {
	case err != nil || u.Hostname() == "" || u.Scheme != "https" && u.Scheme != "http":
		return fmt.Errorf("%s endpoint: expected an absolute URL such as https://idp.example/introspect", what)
	case u.User != nil || u.Fragment != "":
		return fmt.Errorf("%s endpoint on %s: expected no user, password or fragment in the URL", what, u.Host)
	case u.Scheme == "http" && !isLoopbackName(canonicalHost(u.Hostname())):
		return fmt.Errorf("%s endpoint on %s: expected https, for tokens could be read on the way", what, u.Host)
	}
	return nil
}
