package agentidp

import (
	"context"
	"iter"
	"net/url"
	"time"
)

// Agents is the registry.
type Agents struct{ c *Client }

// AgentStatus is where an agent is in its life.
type AgentStatus string

// The document names active; the others are ours.
const (
	AgentActive         AgentStatus = "active"
	AgentSuspended      AgentStatus = "suspended"
	AgentDecommissioned AgentStatus = "decommissioned"
)

// Agent is a registered agent.
type Agent struct {
	AgentID       string      `json:"agentId"` // a UUID, and the client ID of its tokens
	Email         string      `json:"email"`
	AgentType     string      `json:"agentType"`
	Version       string      `json:"version"`
	Capabilities  []string    `json:"capabilities"`
	Owner         string      `json:"owner"`
	DeploymentEnv string      `json:"deploymentEnv"`
	Status        AgentStatus `json:"status"`
	CreatedAt     time.Time   `json:"createdAt,omitzero"` // zero = not told
	UpdatedAt     time.Time   `json:"updatedAt,omitzero"` // zero = not told
}

// missing names a field without which it cannot be.
func (a *Agent) missing() string {
	if a.AgentID == "" {
		return "agentId"
	}
	return ""
}

// RegisterAgent describes a new agent.
type RegisterAgent struct {
	Email         string   `json:"email"`
	AgentType     string   `json:"agentType"`     // such as "classifier"
	Version       string   `json:"version"`       // such as "2.0.0"
	Capabilities  []string `json:"capabilities"`  // such as "text-classification"
	Owner         string   `json:"owner"`         // such as "platform-team"
	DeploymentEnv string   `json:"deploymentEnv"` // such as "production"
}

// UpdateAgent says what changes; what is empty stays. Capabilities that are empty and not nil remove all. The document shows version and capabilities.
type UpdateAgent struct {
	AgentType     string   `json:"agentType,omitzero"`
	Version       string   `json:"version,omitzero"`
	Capabilities  []string `json:"capabilities,omitzero"`
	Owner         string   `json:"owner,omitzero"`
	DeploymentEnv string   `json:"deploymentEnv,omitzero"`
}

// ListAgents says which agents are wanted.
type ListAgents struct {
	Status AgentStatus // "" = all
	PageOptions
}

// Register makes an agent. It is sent once: a lost reply leaves open whether there is one. It needs the scope agents:write.
func (a *Agents) Register(ctx context.Context, agent RegisterAgent) (*Agent, error) {
	if agent.Capabilities == nil {
		agent.Capabilities = []string{}
	}
	var got Agent
	return result(&got, a.c.do(ctx, call{endpoint: registerAgent, json: agent, input: agent, into: &got, missing: got.missing}))
}

// List gives a page of agents. It needs the scope agents:read.
func (a *Agents) List(ctx context.Context, list ListAgents) (*Page[Agent], error) {
	q := list.addTo(url.Values{})
	set(q, "status", string(list.Status))
	var got Page[Agent]
	return result(&got, a.c.do(ctx, call{endpoint: listAgents, query: q, input: inputOf(q, nil), into: &got, missing: got.missing}))
}

// All goes through the agents from the page of list on. An error is the last that it yields.
func (a *Agents) All(ctx context.Context, list ListAgents) iter.Seq2[*Agent, error] {
	return each(ctx, list.PageOptions, func(ctx context.Context, o PageOptions) (*Page[Agent], error) {
		return a.List(ctx, ListAgents{list.Status, o})
	}, func(a *Agent) string { return a.AgentID })
}

// Get gives an agent. It needs the scope agents:read.
func (a *Agents) Get(ctx context.Context, agentID string) (*Agent, error) {
	var got Agent
	return result(&got, a.c.do(ctx, call{endpoint: getAgent, ids: []string{agentID}, input: agentInput(agentID), into: &got, missing: got.missing}))
}

// Update changes an agent. It needs the scope agents:write.
func (a *Agents) Update(ctx context.Context, agentID string, change UpdateAgent) (*Agent, error) {
	var got Agent
	return result(&got, a.c.do(ctx, call{
		endpoint: updateAgent, ids: []string{agentID}, json: change, into: &got, missing: got.missing,
		input: struct {
			AgentID string      `json:"agentId"`
			Change  UpdateAgent `json:"change"`
		}{agentID, change},
	}))
}

// Decommission ends an agent for ever, with its credentials and tokens. It needs the scope agents:write.
func (a *Agents) Decommission(ctx context.Context, agentID string) error {
	return a.c.end(ctx, call{endpoint: decommissionAgent, ids: []string{agentID}, input: agentInput(agentID)}, ErrAgentDecommissioned)
}

func agentInput(agentID string) map[string]any { return map[string]any{"agentId": agentID} }

// result is got, or nothing beside an error.
func result[T any](got *T, err error) (*T, error) {
	if err != nil {
		return nil, err
	}
	return got, nil
}
