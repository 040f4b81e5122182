package sentrial_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"slices"
	"testing"
	"testing/synctest"
	"time"

	"github.com/sentrial/sentrial-go"
	"github.com/sentrial/sentrial-go/types"
)

// picky keeps events by the rules of the protocol and rejects the end of a span a number of times.
type picky struct {
	rejections int
	retry      bool
	stored     map[string]string // status by event id
}

func (p *picky) answer(r *sent) (*http.Response, error) {
	accepted, duplicates, rejected := 0, 0, "[]"
	for _, text := range r.events {
		var e struct{ ID, Type, Status string }
		if err := json.Unmarshal([]byte(text), &e); err != nil {
			return nil, err
		}
		switch have := p.stored[e.ID]; {
		case e.Type == "tool_call" && e.Status != "running" && p.rejections > 0:
			p.rejections--
			rejected = fmt.Sprintf(`[{"id":%q,"code":"c","message":"m","retry":%t}]`, e.ID, p.retry)
		case have == "" || have == "running" && e.Status != "running":
			p.stored[e.ID] = e.Status
			accepted++
		default:
			duplicates++
		}
	}
	return reply(r, http.StatusOK, fmt.Sprintf(`{"accepted":%d,"duplicates":%d,"rejected":%s}`, accepted, duplicates, rejected)), nil
}

// TestRejectedEndBesideItsCopy: a copy of a span and its end in one batch share an id. Which one was rejected must not be guessed: an end counts as delivered if
// the server has it, and OnDrop hears of it otherwise.
func TestRejectedEndBesideItsCopy(t *testing.T) {
	for _, retry := range []bool{true, false} {
		for _, rejections := range []int{1, 2, 5} {
			t.Run(fmt.Sprintf("%d rejections, retry %t", rejections, retry), func(t *testing.T) {
				synctest.Test(t, func(t *testing.T) {
					var drops dropped
					store := &picky{rejections: rejections, retry: retry, stored: map[string]string{}}
					server := newScript(t)
					server.rest = store.answer
					client := newClient(t, server, sentrial.WithFlushInterval(time.Hour), sentrial.WithOnDrop(drops.add), sentrial.WithCloseTimeout(time.Hour))
					record(t, client, 1)
					_, span := sentrial.StartTool(client.Session("s").Context(t.Context()), types.ToolCall{ToolName: "x"})
					time.Sleep(3 * time.Second)
					record(t, client, 1)
					span.End(nil)
					flush(t, client)
					synctest.Wait()
					if first := server.requests()[0].ids; len(first) != 4 || first[1] != first[3] {
						t.Fatalf("the first batch is %v, want a copy and its end in it", first)
					}
					switch lost := slices.Contains(drops.ids(), span.ID()); {
					case store.stored[span.ID()] == "success" && !lost:
						checkStats(t, client, 3, 0, nothing)
					case store.stored[span.ID()] != "success" && lost && !retry:
						checkStats(t, client, 2, 0, map[sentrial.DropReason]int{sentrial.DropRejected: 1})
					default:
						t.Errorf("the server has %q of the span, OnDrop heard of %v, stats %+v", store.stored[span.ID()], drops.ids(), client.Stats())
					}
				})
			})
		}
	}
}
