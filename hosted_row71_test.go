package sentrial_test

import (
	"context"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/sentrial/sentrial-go"
	"github.com/sentrial/sentrial-go/types"
)

// hostedEchoes are servers that repeat what the request's header held.
var hostedEchoes = map[string]func(r *http.Request) (*http.Response, error){
	"error": func(r *http.Request) (*http.Response, error) {
		return jsonReply(r, 400, fmt.Sprintf(`{"error":%q,"message":%[1]q}`, r.Header.Get("Authorization"))), nil
	},
	"unauthorized": func(r *http.Request) (*http.Response, error) {
		return jsonReply(r, 401, fmt.Sprintf(`{"error":"unauthorized","message":"no such key: %s"}`, secretCanary)), nil
	},
	"unknown session": func(r *http.Request) (*http.Response, error) {
		return jsonReply(r, 404, fmt.Sprintf(`{"error":%q,"message":"%s%s"}`, secretCanary, strings.Repeat("x ", 240), secretCanary)), nil
	},
	"crash":   func(r *http.Request) (*http.Response, error) { return jsonReply(r, 500, secretCanary), nil },
	"gateway": func(r *http.Request) (*http.Response, error) { return jsonReply(r, 502, `"`+secretCanary+`"`), nil },
	"id": func(r *http.Request) (*http.Response, error) {
		return jsonReply(r, 200, fmt.Sprintf(`{"id":"%s /"}`, secretCanary)), nil
	},
	"JSON of others": func(r *http.Request) (*http.Response, error) {
		return jsonReply(r, 200, fmt.Sprintf(`{%q:1`, secretCanary)), nil
	},
	"no connection": func(r *http.Request) (*http.Response, error) {
		return nil, fmt.Errorf("cannot send %v to %v: %w", r.Header, r.URL, errNetwork)
	},
	"panic": func(r *http.Request) (*http.Response, error) { panic(r.Header) },
}

// TestRow71HostedSecretsAreNowhere: the key is in one header, whatever server and HTTP client repeat, also where events are told to be uncertain.
func TestRow71HostedSecretsAreNowhere(t *testing.T) {
	for name, echo := range hostedEchoes {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				out := new(shown)
				client := newClient(t, roundTripper(func(r *http.Request) (*http.Response, error) {
					readAll(r)
					return echo(r)
				}), sentrial.WithProtocol(sentrial.ProtocolHosted), sentrial.WithAPIKey(secretCanary), sentrial.WithLogger(out.logger()), sentrial.WithOnDrop(func(d sentrial.Drop) {
					out.errors(d.Err)
					out.print(d)
				}))
				ctx, s := client.CreateSession(t.Context(), "s")
				for i := range 6 {
					trackAny(ctx, s, i)
					client.Session("other").TrackStep(ctx, types.Step{Name: "n"})
					time.Sleep(2 * time.Minute)
					out.errors(client.Stats().LastError)
				}
				sentrial.Inject(ctx, sentrial.MapCarrier{})
				closing, cancel := context.WithTimeout(ctx, time.Second)
				defer cancel()
				err := client.Close(closing)
				out.errors(err)
				out.print(client, s, client.Stats(), err)
				synctest.Wait()
				out.check(t)
			})
		})
	}
}
