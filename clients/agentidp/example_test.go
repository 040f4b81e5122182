package agentidp_test

import (
	"context"
	"errors"
	"fmt"
	"log"
	"net/http"
	"net/http/httptest"

	"github.com/sentrial/sentrial-go/clients/agentidp"
	"github.com/sentrial/sentrial-go/clients/agentidp/agentidptest"
)

// An agent registers another one and gives it a credential, whose secret does not print itself.
func Example() {
	idp := agentidptest.New()
	server := httptest.NewServer(idp) // in a program: the URL of the platform
	defer server.Close()

	ctx := context.Background()
	client, err := agentidp.New(server.URL, idp.ClientID(), idp.ClientSecret())
	if err != nil {
		log.Fatal(err)
	}
	agent, err := client.Agents.Register(ctx, agentidp.RegisterAgent{
		Email: "classifier-v2@myorg.example", AgentType: "classifier", Version: "2.0.0",
		Capabilities: []string{"text-classification"}, Owner: "platform-team", DeploymentEnv: "production",
	})
	if err != nil {
		log.Fatal(err)
	}
	credential, err := client.Credentials.Generate(ctx, agent.AgentID)
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(agent.Email, agent.Status, credential.ClientSecret, len(credential.ClientSecret.Reveal()) > 20)

	_, err = client.Agents.Get(ctx, "nobody")
	fmt.Println(errors.Is(err, agentidp.ErrAgentNotFound), err)
	client.CloseIdleConnections()
	// Output:
	// classifier-v2@myorg.example active [hidden] true
	// true agentidp: AgentNotFoundError (404): there is no agent with that id
}

// The bearer token of other requests comes from the client's cache.
func ExampleClient_TokenSource() {
	idp := agentidptest.New()
	server := httptest.NewServer(idp)
	defer server.Close()

	client, err := agentidp.New(server.URL, idp.ClientID(), idp.ClientSecret(), agentidp.WithScopes(agentidp.ScopeAgentsRead))
	if err != nil {
		log.Fatal(err)
	}
	source := client.TokenSource() // sentrial.New(sentrial.WithTokenSource(source)) sends events by it
	for range 3 {
		token, err := source.Token(context.Background())
		if err != nil {
			log.Fatal(err)
		}
		req, _ := http.NewRequestWithContext(context.Background(), http.MethodGet, "https://elsewhere.example", http.NoBody)
		req.Header.Set("Authorization", "Bearer "+token)
	}
	fmt.Println(idp.Count("tokens.issue"), "token")
	client.CloseIdleConnections()
	// Output: 1 token
}
