package server_test

import (
	"fmt"
	"maps"
	"net/http"
	"slices"

	"github.com/getkin/kin-openapi/openapi3"
)

// parameters are those of the operation, and those of all operations of its path.
func (o *operation) parameters() (all []*openapi3.Parameter) {
	for _, list := range []openapi3.Parameters{o.PathItem.Parameters, o.Operation.Parameters} {
		for _, ref := range list {
			all = append(all, ref.Value)
		}
	}
	return all
}

// ignoresQuery reports whether the operation looks at no parameter behind the question mark.
func (o *operation) ignoresQuery() bool { return o.Operation.Extensions["x-query"] == "ignored" }

// checkQuery: a parameter that the server took is documented.
func (c *contract) checkQuery(m match) error {
	if m.operation.ignoresQuery() {
		return nil
	}
	for _, name := range slices.Sorted(maps.Keys(m.request.URL.Query())) {
		if !slices.ContainsFunc(m.operation.parameters(), func(p *openapi3.Parameter) bool { return p.In == "query" && p.Name == name }) {
			return fmt.Errorf("the parameter %q is not documented", name)
		}
	}
	return nil
}

// valueOf is the value of a parameter, "" = none.
func valueOf(p *openapi3.Parameter, r *http.Request) string {
	switch p.In {
	case "path":
		return r.PathValue(p.Name)
	case "query":
		return r.URL.Query().Get(p.Name)
	}
	return r.Header.Get(p.Name)
}

// parameterOf is how a parameter of an operation is called.
func parameterOf(o *operation, p *openapi3.Parameter) string {
	return fmt.Sprintf("%s with the %s parameter %s", o.name, p.In, p.Name)
}

// anyQuery is how it is called that an operation is asked with a query.
func anyQuery(o *operation) string { return o.name + " with a query" }

// request marks the parameters of a request that the server took.
func (s *sightings) request(m match) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, p := range m.operation.parameters() {
		if valueOf(p, m.request) != "" {
			s.parameters[parameterOf(m.operation, p)] = true
		}
	}
	if m.request.URL.RawQuery != "" {
		s.parameters[anyQuery(m.operation)] = true
	}
}

func (c *contract) missingParameters(o *operation) (all []string) {
	for _, p := range o.parameters() {
		if name := parameterOf(o, p); !c.seen.parameters[name] {
			all = append(all, name)
		}
	}
	if o.ignoresQuery() && !c.seen.parameters[anyQuery(o)] {
		all = append(all, anyQuery(o))
	}
	return all
}
