package agentidp

import (
	"net/url"
	"slices"
	"sync"

	"github.com/sentrial/sentrial-go/internal/platform"
)

// underWay is which secrets forms carry just now: a server may repeat them.
type underWay struct {
	mu    sync.Mutex
	forms map[Secret]int
}

// add counts a form with that secret, until it calls done.
func (u *underWay) add(secret Secret) (done func()) {
	u.count(secret, 1)
	return func() { u.count(secret, -1) }
}

func (u *underWay) count(secret Secret, n int) {
	u.mu.Lock()
	defer u.mu.Unlock()
	if u.forms[secret] += n; u.forms[secret] == 0 {
		delete(u.forms, secret)
	}
}

func (u *underWay) secrets() (all []Secret) {
	u.mu.Lock()
	defer u.mu.Unlock()
	for s := range u.forms {
		all = append(all, s)
	}
	return all
}

// scrub takes out of a server's words what it may repeat of ours, as it is and as it was sent. It is done before anybody sees them: errors are recorded, and wrapped.
func (c *Client) scrub(text string) string {
	secrets := append(c.tokens.secrets(), c.underWay.secrets()...)
	for _, s := range secrets {
		secrets = append(secrets, Secret(url.QueryEscape(s.Reveal())))
	}
	slices.SortFunc(secrets, func(a, b Secret) int { return len(b) - len(a) }) // one may be a part of another
	return platform.Scrub(text, secrets...)
}
