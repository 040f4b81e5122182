package main

import (
	"cmp"
	"context"
	"fmt"
	"net/http/httptest"
	"os"

	"github.com/sentrial/sentrial-go/clients/agentidp"
	"github.com/sentrial/sentrial-go/clients/agentidp/agentidptest"
	"github.com/sentrial/sentrial-go/clients/hivium"
	"github.com/sentrial/sentrial-go/clients/hivium/hiviumtest"
	"github.com/sentrial/sentrial-go/clients/sentinel"
	"github.com/sentrial/sentrial-go/clients/sentinel/sentineltest"
)

// platforms are the clients of the three, and the stand-ins for those that no variable names.
type platforms struct {
	identity  *agentidp.Client
	reader    *sentinel.Client
	customers *hivium.Client
	standIns  []*httptest.Server
}

// standInCustomer is the contact that the stand-in knows.
const standInCustomer = "carla@example.com"

func open() (*platforms, error) {
	p := &platforms{}
	for _, connect := range []func() error{p.openIdentity, p.openReader, p.openCustomers} {
		if err := connect(); err != nil {
			p.close()
			return nil, err
		}
	}
	return p, nil
}

func (p *platforms) close() {
	if p.identity != nil {
		p.identity.CloseIdleConnections()
	}
	for _, s := range p.standIns {
		s.Close()
	}
}

// standIn serves what takes the place of a platform, and says so.
func (p *platforms) standIn(platform string, s *httptest.Server) string {
	fmt.Fprintf(os.Stderr, "%s is a stand-in in this process.\n", platform)
	p.standIns = append(p.standIns, s)
	return s.URL
}

func (p *platforms) openIdentity() (err error) {
	url, id, secret := os.Getenv("AGENTIDP_URL"), os.Getenv("AGENTIDP_CLIENT_ID"), os.Getenv("AGENTIDP_CLIENT_SECRET")
	if url == "" {
		idp := agentidptest.New()
		url, id, secret = p.standIn("AgentIdP", httptest.NewServer(idp)), idp.ClientID(), idp.ClientSecret()
	}
	p.identity, err = agentidp.New(url, id, secret)
	return err
}

// openReader shows Sentinel the agent's own token.
func (p *platforms) openReader() (err error) {
	if url := os.Getenv("SENTINEL_URL"); url != "" {
		p.reader, err = sentinel.New(url, sentinel.WithTokenSource(p.identity.TokenSource()))
		return err
	}
	reader := sentineltest.New(sentineltest.WithAnswers(func(string, []sentineltest.Message, string) string { return "Three funds (says a stand-in)." }))
	p.reader, err = sentinel.New(p.standIn("Sentinel", httptest.NewServer(reader)), sentinel.WithAccessToken(reader.Token()))
	return err
}

func (p *platforms) openCustomers() (err error) {
	if key := os.Getenv("HIVIUM_API_KEY"); key != "" {
		p.customers, err = hivium.New(key, hivium.WithBaseURL(cmp.Or(os.Getenv("HIVIUM_URL"), hivium.DefaultBaseURL)))
		return err
	}
	workspace := hiviumtest.New()
	p.customers, err = hivium.New(workspace.APIKey(), hivium.WithBaseURL(p.standIn("Hivium", httptest.NewServer(workspace))))
	if err != nil {
		return err
	}
	_, err = p.customers.Contacts.Create(context.Background(), hivium.CreateContact{
		FirstName: "Carla", Email: standInCustomer, Consent: hivium.Consent{hivium.ChannelEmail: true},
	})
	return err
}
