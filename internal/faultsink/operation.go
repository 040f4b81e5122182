package faultsink

import (
	"net/http"
	"net/url"
	"strings"
)

// operation is what a request wants.
type operation interface {
	// read takes the body in.
	read(x *Exchange) (content, *refusal)
	// commit stores what was read, and returns the reply that acknowledges it.
	commit(x *Exchange) (status int, reply any)
}

// operationOf returns nil for requests that neither protocol has.
func operationOf(r *http.Request) operation {
	sdk, isHosted := strings.CutPrefix(r.URL.EscapedPath(), "/api/sdk/")
	switch {
	case r.URL.Path == "/v1/events" && r.Method == http.MethodPost:
		return ingesting{}
	case isHosted && r.Method == http.MethodPost && sdk == "sessions":
		return creating{}
	case isHosted && r.Method == http.MethodPost && sdk == "events":
		return recording{}
	case isHosted && r.Method == http.MethodPatch:
		return endingOf(sdk)
	}
	return nil
}

func endingOf(path string) operation {
	id, isSession := strings.CutPrefix(path, "sessions/")
	if id, err := url.PathUnescape(id); err == nil && isSession && id != "" && !strings.Contains(path[len("sessions/"):], "/") {
		return ending{id}
	}
	return nil
}

// ingesting is POST /v1/events.
type ingesting struct{}

func (ingesting) read(x *Exchange) (content, *refusal) { return readContent(x.http) }

func (ingesting) commit(x *Exchange) (status int, reply any) {
	accepted, duplicates := x.Store(x.content.events)
	return http.StatusOK, acknowledgement{accepted, duplicates, []rejection{}}
}

// nothing is a request that has nothing to say to the sink, and is answered only because every request is.
type nothing struct{}

func (nothing) read(*Exchange) (content, *refusal) { return content{}, nil }

func (nothing) commit(x *Exchange) (status int, reply any) {
	return http.StatusNotFound, errorBody(wireOf(x.http.URL.Path), http.StatusNotFound, "there is nothing here", "", nil)
}

// Creating chooses the requests that create a session on the hosted wire.
func Creating(x *Exchange) bool { return wants[creating](x) }

// Ending chooses the requests that change or end a session on the hosted wire.
func Ending(x *Exchange) bool { return wants[ending](x) }

// Recording chooses the requests that bring an event on the hosted wire.
func Recording(x *Exchange) bool { return wants[recording](x) }

func wants[O operation](x *Exchange) bool {
	_, ok := x.operation.(O)
	return ok
}
