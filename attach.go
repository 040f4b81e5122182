package sentrial

import (
	"net"
	"strings"

	"github.com/sentrial/sentrial-go/internal/attach"
	"github.com/sentrial/sentrial-go/types"
)

func init() {
	attach.Follow, attach.Refuse, attach.Enrich, attach.Hosts, attach.Overhear = follow, refuseFor, enrich, hostsOf, overhear
	attach.Displace = displace
}

// attached is the client that another package of ours was given, nil if it records nothing.
func attached(client any) *Client {
	c, _ := client.(*Client)
	return c.live()
}

func refuseFor(client any, reason string, e *types.Event, err error) {
	c := attached(client)
	if c == nil {
		return
	}
	if e == nil {
		e = new(types.Event)
	}
	if reason := DropReason(reason); reason != DropInvalid { // which refuse counts itself
		c.buffer.countRefused(reason)
	}
	c.refuse(e, DropReason(reason), err)
}

func hostsOf(client any) []string {
	c := attached(client)
	if c == nil {
		return nil
	}
	port := c.cfg.base.Port()
	if port == "" {
		port = map[string]string{"http": "80", "https": "443"}[c.cfg.base.Scheme]
	}
	return []string{strings.ToLower(net.JoinHostPort(c.cfg.base.Hostname(), port))}
}
