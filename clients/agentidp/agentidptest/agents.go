package agentidptest

import (
	"encoding/json"
	"net/http"
	"strings"
	"time"
)

type agent struct {
	AgentID       string    `json:"agentId"`
	Email         string    `json:"email"`
	AgentType     string    `json:"agentType"`
	Version       string    `json:"version"`
	Capabilities  []string  `json:"capabilities"`
	Owner         string    `json:"owner"`
	DeploymentEnv string    `json:"deploymentEnv"`
	Status        string    `json:"status"`
	CreatedAt     time.Time `json:"createdAt"`
	UpdatedAt     time.Time `json:"updatedAt"`
}

func (s *Server) addAgent(a agent) *agent {
	a.AgentID, a.Status, a.CreatedAt = newID(), "active", time.Now().UTC()
	a.UpdatedAt = a.CreatedAt
	s.agents[a.AgentID] = &a
	s.order = append(s.order, a.AgentID)
	return &a
}

func (s *Server) register(x *exchange) any {
	var a agent
	if json.Unmarshal(x.body, &a) != nil || !strings.Contains(a.Email, "@") || a.AgentType == "" || a.Version == "" || a.Owner == "" || a.DeploymentEnv == "" {
		return refusal{"ValidationError", "email, agentType, version, owner and deploymentEnv are required", http.StatusBadRequest}
	}
	for _, other := range s.agents {
		if strings.EqualFold(other.Email, a.Email) {
			return refusal{"AgentAlreadyExistsError", "there is an agent with that email", http.StatusConflict}
		}
	}
	if a.Capabilities == nil {
		a.Capabilities = []string{}
	}
	made := s.addAgent(a)
	s.note(x, made.AgentID, "agent.created", "success", nil)
	x.status = http.StatusCreated
	return *made
}

func (s *Server) listAgents(x *exchange) any {
	all := []agent{}
	status := x.r.URL.Query().Get("status")
	for _, id := range s.order {
		if a := s.agents[id]; status == "" || a.Status == status {
			all = append(all, *a)
		}
	}
	return page(x, all)
}

var noAgent = refusal{"AgentNotFoundError", "there is no agent with that id", http.StatusNotFound}

func (s *Server) getAgent(x *exchange) any {
	a := s.agents[x.r.PathValue("agent")]
	if a == nil {
		return noAgent
	}
	return *a
}

// living is the agent of the path, or why not.
func (s *Server) living(x *exchange) (*agent, *refusal) {
	a := s.agents[x.r.PathValue("agent")]
	switch {
	case a == nil:
		return nil, &noAgent
	case a.Status == "decommissioned":
		return nil, &refusal{"AgentAlreadyDecommissionedError", "the agent was decommissioned, for ever", http.StatusConflict}
	}
	return a, nil
}

func (s *Server) updateAgent(x *exchange) any {
	a, refused := s.living(x)
	if refused != nil {
		return *refused
	}
	var change struct {
		AgentType, Version, Owner, DeploymentEnv *string
		Capabilities                             *[]string
	}
	if json.Unmarshal(x.body, &change) != nil {
		return refusal{"ValidationError", "the body is no change of an agent", http.StatusBadRequest}
	}
	put(&a.AgentType, change.AgentType)
	put(&a.Version, change.Version)
	put(&a.Owner, change.Owner)
	put(&a.DeploymentEnv, change.DeploymentEnv)
	put(&a.Capabilities, change.Capabilities)
	a.UpdatedAt = time.Now().UTC()
	s.note(x, a.AgentID, "agent.updated", "success", nil)
	return *a
}

func put[T any](to, from *T) {
	if from != nil {
		*to = *from
	}
}

func (s *Server) decommission(x *exchange) any {
	a, refused := s.living(x)
	if refused != nil {
		return *refused
	}
	a.Status, a.UpdatedAt = "decommissioned", time.Now().UTC()
	for _, c := range s.credentials {
		if c.ClientID == a.AgentID {
			c.end()
		}
	}
	s.note(x, a.AgentID, "agent.decommissioned", "success", nil)
	return nil
}
