package server

import (
	"net/http"
	"slices"
	"strings"

	"github.com/sentrial/sentrial-go/server/store"
)

const (
	standardFacetValues = 50
	mostFacetValues     = 1000
)

// facetNames are the facets of sessions; all but the last are listed unless others are asked for.
var facetNames = []store.Facet{store.FacetStatus, store.FacetAgent, store.FacetUser, store.FacetModel, store.FacetTool, store.FacetConversation}

// facetBody is the JSON of the values that sessions can be filtered by.
type facetBody struct {
	Name   store.Facet      `json:"name"`
	Values []facetValueBody `json:"values"`
}

type facetValueBody struct {
	Value    string `json:"value"`
	Sessions int64  `json:"sessions"`
}

// listFacets answers with the values of facets, the most frequent first.
func (s *Server) listFacets(w http.ResponseWriter, r *http.Request) error {
	project, err := projectOf(r)
	if err != nil {
		return err
	}
	p, err := readParams(r, []string{"name", "limit"})
	if err != nil {
		return err
	}
	q := store.FacetQuery{IdleBefore: s.idleBefore()}
	if q.Names, err = p.facets(); err != nil {
		return err
	}
	if q.Limit, err = p.limit(standardFacetValues, mostFacetValues); err != nil {
		return err
	}
	facets, err := s.store.Facets(r.Context(), project, q)
	if err != nil {
		return err
	}
	writeJSON(w, http.StatusOK, map[string][]facetBody{"data": newFacetBodies(facets)})
	return nil
}

// facets reads the names asked for, with commas between, each once.
func (p params) facets() ([]store.Facet, error) {
	text := p.text("name")
	if text == "" {
		return facetNames[:len(facetNames)-1], nil
	}
	var names []store.Facet
	for name := range strings.SplitSeq(text, ",") {
		if !slices.Contains(facetNames, store.Facet(name)) {
			return nil, invalid("name: expected some of %s with commas between, got %s", facetNames, quote(name))
		}
		if !slices.Contains(names, store.Facet(name)) {
			names = append(names, store.Facet(name))
		}
	}
	return names, nil
}

func newFacetBodies(facets []store.FacetValues) []facetBody {
	bodies := make([]facetBody, 0, len(facets))
	for _, f := range facets {
		b := facetBody{Name: f.Name, Values: make([]facetValueBody, 0, len(f.Values))}
		for _, v := range f.Values {
			b.Values = append(b.Values, facetValueBody{v.Value, v.Sessions})
		}
		bodies = append(bodies, b)
	}
	return bodies
}
