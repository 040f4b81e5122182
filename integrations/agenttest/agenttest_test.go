package agenttest_test

import (
	"testing"

	"github.com/sentrial/sentrial-go"
	"github.com/sentrial/sentrial-go/integrations/agenttest"
)

// The script itself, without any framework: what adapter records is what expected.json says.
func TestPlain(t *testing.T) {
	agenttest.Run(t, agenttest.Driver{
		Name: "plain", Lacks: agenttest.PlainLacks,
		Open: func(_ *testing.T, baseURL string, client *sentrial.Client) agenttest.Agent {
			return agenttest.Plain(baseURL, client)
		},
	})
}
