package server_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/getkin/kin-openapi/openapi3"
	"github.com/getkin/kin-openapi/openapi3filter"
	"github.com/getkin/kin-openapi/routers"

	"github.com/sentrial/sentrial-go/api"
	"github.com/sentrial/sentrial-go/server"
)

// contract is the document of the API, which every request and reply of the tests is held against, and what of it they have shown.
type contract struct {
	doc        *openapi3.T
	operations map[string]*operation // by method and path
	mux        *http.ServeMux        // of the operations
	seen       *sightings
}

// operation is one of the document. As a handler it answers nothing; it is found by the paths of requests.
type operation struct {
	*routers.Route
	name string
}

type matchKey struct{}

// match is what a request was found to be.
type match struct {
	operation *operation // nil = none of the document's
	request   *http.Request
}

func (o *operation) ServeHTTP(_ http.ResponseWriter, r *http.Request) {
	*r.Context().Value(matchKey{}).(*match) = match{o, r}
}

var theContract = sync.OnceValue(func() *contract {
	doc, err := openapi3.NewLoader().LoadFromData([]byte(api.OpenAPI()))
	if err != nil {
		panic(err)
	}
	c := &contract{doc: doc, operations: map[string]*operation{}, mux: http.NewServeMux(), seen: newSightings()}
	for path, item := range doc.Paths.Map() {
		for method, op := range item.Operations() {
			o := &operation{&routers.Route{Spec: doc, Path: path, PathItem: item, Method: method, Operation: op}, method + " " + path}
			c.operations[o.name] = o
			c.mux.Handle(o.name, o)
		}
	}
	return c
})

// newServer is a server of which every reply is held against the contract.
func newServer(t *testing.T, cfg server.Config) *server.Server {
	t.Helper()
	s, err := server.New(cfg)
	if err != nil {
		t.Fatal(err)
	}
	s.Wrap(func(own http.Handler) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { theContract().serve(t, own, w, r) })
	})
	return s
}

func (c *contract) serve(t *testing.T, server http.Handler, w http.ResponseWriter, r *http.Request) {
	t.Helper()
	sent, reply := new(kept), &replied{ResponseWriter: w, status: http.StatusOK}
	m := c.find(r)
	if r.Body != nil {
		r.Body = struct {
			io.Reader
			io.Closer
		}{io.TeeReader(r.Body, sent), r.Body}
	}
	server.ServeHTTP(reply, r)
	for _, err := range slices.DeleteFunc(c.check(m, sent, reply), func(err error) bool { return err == nil }) {
		t.Errorf("%s %.200s: %d %.300s\nagainst api/openapi.yaml: %v", r.Method, r.URL, reply.status, reply.body.Bytes(), err)
	}
}

// find looks a request up in the document.
func (c *contract) find(r *http.Request) match {
	m := match{request: r}
	c.mux.ServeHTTP(nowhere{}, r.WithContext(context.WithValue(r.Context(), matchKey{}, &m)))
	return m
}

// nowhere is where the mux tells that it found nothing.
type nowhere struct{}

func (nowhere) Header() http.Header         { return http.Header{} }
func (nowhere) Write(b []byte) (int, error) { return len(b), nil }
func (nowhere) WriteHeader(int)             {}

// kept is the beginning of what a request sent.
type kept struct{ bytes.Buffer }

const (
	keptBytes  = 64 << 10
	largeReply = 256 << 10 // takes too long to look at
)

func (k *kept) Write(b []byte) (int, error) {
	_, _ = k.Buffer.Write(b[:min(len(b), keptBytes+1-k.Len())])
	return len(b), nil
}

// replied keeps what it passes on.
type replied struct {
	http.ResponseWriter
	status int
	body   bytes.Buffer
}

func (r *replied) Unwrap() http.ResponseWriter { return r.ResponseWriter }

func (r *replied) WriteHeader(status int) {
	r.status = status
	r.ResponseWriter.WriteHeader(status)
}

func (r *replied) Write(b []byte) (int, error) {
	r.body.Write(b)
	return r.ResponseWriter.Write(b)
}

func (c *contract) check(m match, sent *kept, reply *replied) []error {
	if m.operation == nil {
		return []error{c.checkElsewhere(m, reply)}
	}
	documented := m.operation.Operation.Responses.Status(reply.status)
	if documented == nil {
		return []error{errors.New("the status is not documented")}
	}
	c.seen.reply(m, documented.Value, reply)
	if reply.status < 300 {
		c.seen.request(m)
	}
	return []error{checkHeaders(documented.Value, reply), checkCode(documented.Value, reply), checkReply(m, reply), c.checkRequest(m, sent, reply)}
}

// checkElsewhere: what the document does not have is answered with an error in its form.
func (c *contract) checkElsewhere(m match, reply *replied) error {
	schema := "Error"
	switch path := m.request.URL.Path; {
	case strings.HasPrefix(path, "/api/sdk"):
		schema = "HostedError"
	case path == "/v1/traces", path == "/v1/logs", path == "/v1/metrics":
		schema = "RPCStatus"
	}
	if reply.status < 400 || m.request.Method == http.MethodHead {
		return nil
	}
	var value any
	if err := json.Unmarshal(reply.body.Bytes(), &value); err != nil {
		return err
	}
	return c.doc.Components.Schemas[schema].Value.VisitJSON(value)
}

// common are headers that have nothing to do with what was asked for.
var common = []string{"Content-Type", "Content-Length", "Server", "Cache-Control", "X-Content-Type-Options", "Cross-Origin-Resource-Policy", "X-Accel-Buffering", "Accept-Encoding"}

func checkHeaders(documented *openapi3.Response, reply *replied) error {
	for name := range reply.Header() {
		known := slices.Contains(common, name)
		for other := range documented.Headers {
			known = known || http.CanonicalHeaderKey(other) == name
		}
		if !known {
			return fmt.Errorf("the header %s is not documented", name)
		}
	}
	return nil
}

// codeOf is the code of an error reply.
func codeOf(reply *replied) string {
	var nested struct{ Error struct{ Code string } }
	var flat struct{ Error string }
	if reason := rpcReason(reply.Header().Get("Content-Type"), reply.body.Bytes()); reason != "" {
		return reason
	}
	if json.Unmarshal(reply.body.Bytes(), &nested) == nil {
		return nested.Error.Code
	}
	_ = json.Unmarshal(reply.body.Bytes(), &flat)
	return flat.Error
}

// codes are those that the document allows an error reply.
func codes(documented *openapi3.Response) (names []string) {
	all, _ := documented.Extensions["x-error-codes"].([]any)
	for _, code := range all {
		names = append(names, fmt.Sprint(code))
	}
	return names
}

func checkCode(documented *openapi3.Response, reply *replied) error {
	if reply.status < 400 || reply.body.Len() == 0 {
		return nil
	}
	if code := codeOf(reply); !slices.Contains(codes(documented), code) {
		return fmt.Errorf("the code %q is not documented, these are: %q", code, codes(documented))
	}
	return nil
}

func input(m match, r *http.Request) *openapi3filter.RequestValidationInput {
	values := map[string]string{}
	for _, p := range m.operation.PathItem.Parameters {
		if p.Value.In == "path" {
			values[p.Value.Name] = m.request.PathValue(p.Value.Name)
		}
	}
	return &openapi3filter.RequestValidationInput{
		Request: r, PathParams: values, Route: m.operation.Route,
		Options: &openapi3filter.Options{AuthenticationFunc: openapi3filter.NoopAuthenticationFunc, SkipSettingDefaults: true, IncludeResponseStatus: true},
	}
}

func checkReply(m match, reply *replied) error {
	in := &openapi3filter.ResponseValidationInput{
		RequestValidationInput: input(m, m.request), Status: reply.status, Header: reply.Header(),
	}
	in.Options = in.RequestValidationInput.Options
	in.Options.ExcludeResponseBody = m.request.Method == http.MethodHead || !isJSON(reply.Header()) || reply.body.Len() > largeReply
	in.SetBodyBytes(reply.body.Bytes())
	if in.Options.ExcludeResponseBody && reply.body.Len() > 0 && m.operation.Operation.Responses.Status(reply.status).Value.Content.Get(reply.Header().Get("Content-Type")) == nil {
		return fmt.Errorf("the Content-Type %q is not documented", reply.Header().Get("Content-Type"))
	}
	return openapi3filter.ValidateResponse(context.Background(), in)
}

func isJSON(h http.Header) bool { return strings.HasPrefix(h.Get("Content-Type"), "application/json") }

// checkRequest: what the server took, the document takes.
func (c *contract) checkRequest(m match, sent *kept, reply *replied) error {
	var partly struct{ Rejected []any }
	if reply.status >= 300 || isJSON(reply.Header()) && json.Unmarshal(reply.body.Bytes(), &partly) == nil && len(partly.Rejected) > 0 {
		return nil
	}
	r := m.request.Clone(context.Background())
	r.Body = io.NopCloser(bytes.NewReader(sent.Bytes()))
	if err := c.checkQuery(m); err != nil {
		return err
	}
	in := input(m, r)
	encoding := strings.ToLower(r.Header.Get("Content-Encoding"))
	in.Options.ExcludeRequestBody = m.operation.Operation.RequestBody == nil || !isJSON(r.Header) || encoding != "" && encoding != "identity" || sent.Len() > keptBytes
	r.Header.Set("Content-Encoding", "identity") // however it is spelled
	return openapi3filter.ValidateRequest(context.Background(), in)
}
