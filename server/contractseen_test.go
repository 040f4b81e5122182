package server_test

import (
	"encoding/json"
	"flag"
	"fmt"
	"os"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/getkin/kin-openapi/openapi3"

	"github.com/sentrial/sentrial-go/internal/leaktest"
)

func TestMain(m *testing.M) { leaktest.Main(contractTests{m}) }

// contractTests are the package's tests, which fail when together they have not shown all of the contract.
type contractTests struct{ *testing.M }

func (m contractTests) Run() int {
	code := m.M.Run()
	if code == 0 && wholePackageRan() {
		for _, missing := range theContract().missing() {
			fmt.Fprintln(os.Stderr, "api/openapi.yaml documents what no test has seen:", missing)
			code = 1
		}
	}
	return code
}

func wholePackageRan() bool {
	for _, name := range []string{"run", "skip", "list", "fuzz"} {
		if f := flag.Lookup("test." + name); f != nil && f.Value.String() != "" {
			return false
		}
	}
	return true
}

// sightings are what the replies of all tests have shown of the document.
type sightings struct {
	mu         sync.Mutex
	replies    map[string]bool // "operation status", and with a header's name behind
	codes      map[codeOfReply]bool
	properties map[property]bool
	parameters map[string]bool // of requests that the server took, see parameterOf
}

type codeOfReply struct {
	reply *openapi3.Response
	code  string
}

// property of a schema, whichever operation shows it.
type property struct {
	schema *openapi3.Schema
	name   string
}

func newSightings() *sightings {
	return &sightings{replies: map[string]bool{}, codes: map[codeOfReply]bool{}, properties: map[property]bool{}, parameters: map[string]bool{}}
}

func (s *sightings) reply(m match, documented *openapi3.Response, reply *replied) {
	s.mu.Lock()
	defer s.mu.Unlock()
	name := fmt.Sprint(m.operation.name, " ", reply.status)
	s.replies[name] = true
	for header := range documented.Headers {
		if reply.Header().Get(header) != "" {
			s.replies[name+" "+header] = true
		}
	}
	if reply.status >= 400 {
		s.codes[codeOfReply{documented, codeOf(reply)}] = true
	}
	media := documented.Content.Get("application/json")
	var value any
	if media != nil && reply.body.Len() <= largeReply && json.Unmarshal(reply.body.Bytes(), &value) == nil {
		s.value(media.Schema.Value, value)
	}
}

// value marks the properties that a value has.
func (s *sightings) value(schema *openapi3.Schema, value any) {
	for _, part := range schema.AllOf {
		s.value(part.Value, value)
	}
	switch value := value.(type) {
	case []any:
		for _, element := range value {
			if schema.Items != nil {
				s.value(schema.Items.Value, element)
			}
		}
	case map[string]any:
		for name, member := range value {
			if p := schema.Properties[name]; p != nil {
				s.properties[property{schema, name}] = true
				s.value(p.Value, member)
			}
		}
	}
}

// missing is what the document has and no test has shown.
func (c *contract) missing() (all []string) {
	c.seen.mu.Lock()
	defer c.seen.mu.Unlock()
	for name, o := range c.operations {
		all = append(all, c.missingParameters(o)...)
		for status, reply := range o.Operation.Responses.Map() {
			all = append(all, c.missingOf(name+" "+status, reply.Value)...)
		}
	}
	slices.Sort(all)
	return slices.Compact(all)
}

func (c *contract) missingOf(name string, reply *openapi3.Response) (all []string) {
	if !c.seen.replies[name] {
		return []string{name}
	}
	for header := range reply.Headers {
		if !c.seen.replies[name+" "+header] {
			all = append(all, name+" with the header "+header)
		}
	}
	for _, code := range codes(reply) {
		if !c.seen.codes[codeOfReply{reply, code}] {
			all = append(all, "the code "+code+" of "+name)
		}
	}
	if media := reply.Content.Get("application/json"); media != nil {
		all = append(all, c.missingIn(media.Schema, strings.TrimPrefix(media.Schema.Ref, "#/components/schemas/"))...)
	}
	return all
}

func (c *contract) missingIn(ref *openapi3.SchemaRef, path string) (all []string) {
	if name, ok := strings.CutPrefix(ref.Ref, "#/components/schemas/"); ok {
		path = name
	}
	for _, part := range ref.Value.AllOf {
		all = append(all, c.missingIn(part, path)...)
	}
	if ref.Value.Items != nil {
		all = append(all, c.missingIn(ref.Value.Items, path+"[]")...)
	}
	for name, p := range ref.Value.Properties {
		if !c.seen.properties[property{ref.Value, name}] {
			all = append(all, path+"."+name)
		}
		all = append(all, c.missingIn(p, path+"."+name)...)
	}
	return all
}
