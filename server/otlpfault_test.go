package server_test

import (
	"context"
	"errors"
	"fmt"
	"net/http/httptest"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/sentrial/sentrial-go/otelbridge/genai"
	"github.com/sentrial/sentrial-go/server"
	"github.com/sentrial/sentrial-go/server/store"
	"github.com/sentrial/sentrial-go/server/store/sqlite"
)

// choosy is a store that will not take the events of one session.
type choosy struct{ *sqlite.Store }

func (c choosy) Ingest(ctx context.Context, b store.Batch) (store.Receipt, error) {
	if b.Events[0].SessionID == "trace_"+trace1 {
		return store.Receipt{}, errors.New("not this one")
	}
	return c.Store.Ingest(ctx, b)
}

// TestWhatTheStoreRefusesKeepsNothingBack: others come behind it, and it is tried again.
func TestWhatTheStoreRefusesKeepsNothingBack(t *testing.T) {
	inInbox(t, func(t *testing.T, b *bubble) {
		defer b.assemble()()
		b.postSpans(spanOf(trace1, "0000000000000001", "", "one", "x"))
		time.Sleep(10 * time.Second)
		b.postSpans(spanOf(trace2, "0000000000000001", "", "two", "x"))
		time.Sleep(30 * time.Second)
		synctest.Wait()
		same(t, "stored", fmt.Sprint(b.stored(trace1), b.stored(trace2), b.left()), "nonetwo1")
	}, func(c *server.Config) { c.Store = choosy{c.Store.(*sqlite.Store)} })
}

// faulty is an assembler that breaks at what is named so.
type faulty struct{ server.Assembler }

func (f faulty) Add(now time.Time, spans ...*genai.Span) int {
	if spans[0].Name == "bad" {
		panic("cannot add")
	}
	return f.Assembler.Add(now, spans...)
}

func (f faulty) Take(now time.Time) []genai.Released {
	all := f.Assembler.Take(now)
	for i := range all {
		for j := range all[i].Events {
			if all[i].Events[j].LLMCall.Model == "worse" {
				panic("cannot take")
			}
		}
	}
	return all
}

// TestAFaultCostsOneProject: the server goes on, what is held of the project stays in the store, and its next spans are taken.
func TestAFaultCostsOneProject(t *testing.T) {
	for _, name := range []string{"bad", "worse"} {
		inInbox(t, func(t *testing.T, b *bubble) {
			b.SetAssembler(func(genai.Config) server.Assembler {
				return faulty{&fake{traces: map[genai.TraceID]*fakeTrace{}}}
			})
			defer b.assemble()()
			send := func(project, trace, name string) *httptest.ResponseRecorder {
				return b.do("POST", "/v1/traces", strings.NewReader(requestOf(spanOf(trace, "0000000000000001", "", name, "x"))), "Content-Type", "application/json", "X-Sentrial-Project", project)
			}
			same(t, "another project's", send("other", trace2, "good").Code, 200)
			same(t, "the bad one", send("default", trace1, name).Code, 200)
			time.Sleep(2 * time.Second)
			synctest.Wait()
			same(t, "left", fmt.Sprint(b.left(), b.HeldOTLP()), "1 0")
			if got := b.do("GET", "/v1/events/otel_"+trace2+"_0000000000000001", nil, "X-Sentrial-Project", "other"); got.Code != 200 {
				t.Errorf("the other project's event: %d", got.Code)
			}
			same(t, "the next", send("default", trace2, "good").Code, 200)
			time.Sleep(2 * time.Second)
			synctest.Wait()
			same(t, "then", fmt.Sprint(b.stored(trace2), b.left(), b.HeldOTLP()), "good1 0")
			if log := b.log.String(); strings.Count(log, "spans could not be put together") != 1 || !strings.Contains(log, "cannot "+map[string]string{"bad": "add", "worse": "take"}[name]) {
				t.Errorf("the log: %s", log)
			}
		})
	}
}

// TestSilentProjectsAreForgotten, though not before what they remember is of no use any more.
func TestSilentProjectsAreForgotten(t *testing.T) {
	inInbox(t, func(t *testing.T, b *bubble) {
		defer b.assemble()()
		b.postSpans(spanOf(trace1, "0000000000000001", "", "one", "x"))
		time.Sleep(time.Hour)
		same(t, "while they are remembered", b.Assemblies(), 1)
		time.Sleep(3 * time.Hour)
		synctest.Wait()
		same(t, "afterwards", b.Assemblies(), 0)
	})
}
