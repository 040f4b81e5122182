package server

import (
	"bytes"
	"encoding/json"
	"net/http"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/sentrial/sentrial-go/server/internal/jsonscan"
	"github.com/sentrial/sentrial-go/server/store"
)

// The hosted wire: one resource a request, names in camelCase, flat errors. Each request is translated into one event of the batch wire,
// which is decoded, checked and stored as if it had come in a batch. docs/hosted-wire.md tells what becomes of each field.

// hostedRoot is where the hosted wire lives.
const hostedRoot = "/api/sdk"

// isHosted reports whether a request is answered in the manner of the hosted wire, errors included.
func isHosted(r *http.Request) bool {
	return r.URL.Path == hostedRoot || strings.HasPrefix(r.URL.Path, hostedRoot+"/")
}

// flatError is the JSON of every error reply on the hosted wire.
type flatError struct {
	Error   string `json:"error"`
	Message string `json:"message"`
}

// hostedRequest is a request of the hosted wire. What it holds aliases a copy of the body without white space, which is its own.
type hostedRequest struct {
	project string
	client  store.Client // without an id: some program, not our SDK
	now     time.Time
	body    sentObject
}

// hosted answers with what serve returns.
func (s *Server) hosted(serve func(r *http.Request, in *hostedRequest) (any, error)) endpoint {
	return func(w http.ResponseWriter, r *http.Request) error {
		in, err := s.hostedEnvelope(r)
		if err != nil {
			return err
		}
		body, err := s.readBody(w, r)
		if err != nil {
			return err
		}
		defer recycle(body)
		if in.body, err = readHosted(body.Bytes(), s.limits); err != nil {
			return err
		}
		in.now = s.clock.tick(s.now())
		reply, err := serve(r, in)
		if err != nil {
			return err
		}
		writeJSON(w, http.StatusOK, reply)
		return nil
	}
}

// hostedEnvelope reads what the headers say.
func (s *Server) hostedEnvelope(r *http.Request) (*hostedRequest, error) {
	project, err := projectOf(r)
	if err != nil {
		return nil, err
	}
	client, err := hostedClient(r)
	if err != nil {
		return nil, err
	}
	return &hostedRequest{project: project, client: client}, checkHostedType(r)
}

// checkHostedType also takes bodies without a Content-Type, which programs forget, but not from a web page: a browser asks nobody before
// it sends those and forms to another site, such as this server.
func checkHostedType(r *http.Request) error {
	if r.Header.Get("Content-Type") == "" && r.Header.Get("Origin") == "" {
		return nil
	}
	return checkContentType(r)
}

// maxHostedMembers bounds the members of a request; about twenty mean something.
const maxHostedMembers = 256

// hostedSlack is how much longer a body may be than the event it becomes: some names are longer here, some things are said twice.
const hostedSlack = 64 << 10

// readHosted takes a body apart, without the white space between its values.
func readHosted(body []byte, limits Limits) (sentObject, error) {
	if most := limits.MaxEventBytes + hostedSlack; len(body) > most {
		return sentObject{}, tooLarge(limits, "the body has %d bytes, at most %d are taken: an event has at most %d", len(body), most, limits.MaxEventBytes)
	}
	if !utf8.Valid(body) {
		return sentObject{}, invalid("the body is not valid UTF-8")
	}
	scan := jsonscan.New(body)
	raw, _, err := scan.Value()
	if err == nil {
		err = scan.End()
	}
	if err != nil {
		return sentObject{}, malformed(err)
	}
	if raw[0] != '{' {
		return sentObject{}, invalid("the body must be a JSON object, not %s", describe(raw))
	}
	var compact bytes.Buffer
	if err := json.Compact(&compact, raw); err != nil {
		return sentObject{}, invalid("%v", err)
	}
	o, p := readObject(compact.Bytes())
	switch {
	case p != nil:
		return sentObject{}, invalid("the body: %s", p.message)
	case len(o.members) > maxHostedMembers:
		return sentObject{}, invalid("the body has more than %d members", maxHostedMembers)
	}
	return o, nil
}
