package sentrial_test

import (
	"encoding/json"
	"fmt"
	"math"
	"net/http"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/sentrial/sentrial-go"
	"github.com/sentrial/sentrial-go/internal/faultsink"
	"github.com/sentrial/sentrial-go/types"
)

// inconsistencies are results that do not fit the events. None of them refuses one of ours.
var inconsistencies = map[string]func(events []faultsink.Event) []faultsink.Result{
	"none": func([]faultsink.Event) []faultsink.Result { return nil },
	"every other one missing": func(events []faultsink.Event) (results []faultsink.Result) {
		for i := 0; i < len(events); i += 2 {
			results = append(results, faultsink.Result{ID: events[i].ID, Status: 201})
		}
		return results
	},
	"the last alone": func(events []faultsink.Event) []faultsink.Result {
		return []faultsink.Result{{ID: events[len(events)-1].ID, Status: 200}}
	},
	"strangers": func(events []faultsink.Event) (results []faultsink.Result) {
		for _, e := range events {
			results = append(results, faultsink.Result{ID: e.ID + "x", Status: 400}, faultsink.Result{ID: "", Status: 400}, faultsink.Result{ID: e.ID, Status: 200}, faultsink.Result{ID: "evt_stranger", Status: 200})
		}
		return results
	},
	"strangers alone": func(events []faultsink.Event) []faultsink.Result {
		return slices.Repeat([]faultsink.Result{{ID: "evt_stranger", Status: 200}}, len(events))
	},
	"each twice": func(events []faultsink.Event) (results []faultsink.Result) {
		for _, e := range events {
			results = append(results, faultsink.Result{ID: e.ID, Status: 200}, faultsink.Result{ID: e.ID, Status: 200})
		}
		return results
	},
	"done, then refused": func(events []faultsink.Event) (results []faultsink.Result) {
		for _, e := range events {
			results = append(results, faultsink.Result{ID: e.ID, Status: 200}, faultsink.Result{ID: e.ID, Status: 400})
		}
		return results
	},
	"again, then done": func(events []faultsink.Event) (results []faultsink.Result) {
		for _, e := range events {
			results = append(results, faultsink.Result{ID: e.ID, Status: 503}, faultsink.Result{ID: e.ID, Status: 200})
		}
		return results
	},
	"one, many times": func(events []faultsink.Event) []faultsink.Result {
		return slices.Repeat([]faultsink.Result{{ID: events[0].ID, Status: 200}}, 5000)
	},
	"statuses that are none": func(events []faultsink.Event) (results []faultsink.Result) {
		nonsense := []int{0, -1, -200, 1, 99, 100, 199, 600, 999, 20_000, math.MaxInt, math.MinInt}
		for i, e := range events {
			results = append(results, faultsink.Result{ID: e.ID, Status: nonsense[i%len(nonsense)]})
		}
		return results
	},
	"backwards": func(events []faultsink.Event) (results []faultsink.Result) {
		for _, e := range slices.Backward(events) {
			results = append(results, faultsink.Result{ID: e.ID, Status: 200})
		}
		return results
	},
}

// TestRow22InconsistentResults: what a 207 does not speak of is sent again, what nobody sent is ignored, and each event is stored once.
func TestRow22InconsistentResults(t *testing.T) {
	for name, results := range inconsistencies {
		for _, times := range []int{1, 4} {
			t.Run(fmt.Sprint(name, ", ", times), func(t *testing.T) {
				synctest.Test(t, func(t *testing.T) {
					sink := faultsink.New(faultsink.Times(times, faultsink.Results(results)))
					client := sinkClient(t, sink, sentrial.WithCloseTimeout(time.Hour))
					ids := record(t, client, 50)
					flush(t, client)
					checkStats(t, client, 50, 0, nothing)
					if err := sink.Report().Check(ids); err != nil {
						t.Error(err)
					}
				})
			})
		}
	}
}

// TestRow22OpenSpans: a copy of an open span and its end have one id, and each of the two needs a result of its own.
func TestRow22OpenSpans(t *testing.T) {
	for name, results := range inconsistencies {
		if name == "done, then refused" {
			continue // that says of the copy that it is done, and of the end that it is refused
		}
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				sink := faultsink.New(faultsink.Times(2, faultsink.Results(results)))
				client := sinkClient(t, sink, sentrial.WithCloseTimeout(time.Hour), sentrial.WithFlushInterval(time.Hour))
				var ids []string
				for range 5 {
					_, span := sentrial.StartStep(client.Session("s").Context(t.Context()), types.Step{Name: "n"})
					time.Sleep(3 * time.Second) // long enough for a copy
					ids = append(ids, span.ID())
					span.End(nil)
				}
				flush(t, client)
				checkStats(t, client, 5, 0, nothing)
				report := sink.Report()
				if err := report.Check(ids); err != nil {
					t.Error(err)
				}
				for _, e := range report.Stored {
					if e.Status == "running" {
						t.Errorf("%s is left as running", e.ID)
					}
				}
			})
		})
	}
}

// FuzzRow22Reply holds what becomes of three events against what any reply says of them.
func FuzzRow22Reply(f *testing.F) {
	for _, body := range []string{
		`{"accepted":3,"duplicates":0,"rejected":[]}`, `{"accepted":2,"rejected":[{"id":"$1","code":"c","message":"m","retry":true}]}`, `{"accepted":2,"rejected":[{"id":"$1"}]}`,
		`{"accepted":1,"rejected":[{"id":"$1"},{"id":"$1","retry":true}]}`, `{"rejected":[{"id":"$0"},{"id":"$1"},{"id":"$2"}]}`, `{"accepted":2,"rejected":[{"id":"x"}]}`,
		`{"results":[{"id":"$0","status":200},{"id":"$1","status":503},{"id":"$2","status":400}]}`, `{"results":[{"id":"$2","status":1e3},{"id":"$2","status":-5}]}`,
		`{"results":[]}`, `{"results":null,"accepted":3}`, `{"results":{}}`, `[]`, `null`, `{`, ``, `{"accepted":1e400}`, `{"accepted":9223372036854775807,"duplicates":-9223372036854775804}`,
	} {
		f.Add(200, "application/json", body)
		f.Add(207, "application/json", body)
		f.Add(202, "text/html", body)
	}
	f.Fuzz(func(t *testing.T, status int, contentType, body string) {
		status = 200 + int(uint(status)%100)
		synctest.Test(t, func(t *testing.T) {
			var drops dropped
			var said string
			server := newScript(t, func(r *sent) (*http.Response, error) {
				said = strings.NewReplacer("$0", r.ids[0], "$1", r.ids[1], "$2", r.ids[2]).Replace(body)
				return reply(r, status, said, "Content-Type", contentType), nil
			})
			client := newClient(t, server, sentrial.WithOnDrop(drops.add))
			ids := record(t, client, 3)
			flush(t, client)
			synctest.Wait()
			s := client.Stats()
			if err := lawOf(s); err != nil || s.Queued != 0 || len(s.Dropped) > 1 || s.Dropped[sentrial.DropRejected] != uint64(len(drops.ids())) {
				t.Errorf("%v: %+v", err, s)
			}
			again := map[string]bool{}
			for _, r := range server.requests()[1:] {
				for _, id := range r.ids {
					again[id] = true
				}
			}
			for _, id := range ids {
				switch fate := fateIn(status, said, id); {
				case slices.Contains(drops.ids(), id) && fate != "refused":
					t.Errorf("%s was dropped; the reply is %d %s", id, status, said)
				case !again[id] && !slices.Contains(drops.ids(), id) && fate != "done":
					t.Errorf("%s counts as delivered; the reply is %d %s", id, status, said)
				}
			}
		})
	})
}

// fateIn is the best that a reply to three events can mean for one of them, read in another way than the client does: "done", "refused", or "" for neither.
func fateIn(status int, body, id string) string {
	var said map[string]json.RawMessage
	if json.Unmarshal([]byte(body), &said) != nil {
		return ""
	}
	var results, rejected []struct {
		ID     string
		Status int
		Retry  bool
	}
	_ = json.Unmarshal(member(said, "results"), &results)
	_ = json.Unmarshal(member(said, "rejected"), &rejected)
	if status == http.StatusMultiStatus && results != nil {
		for _, r := range results {
			switch {
			case r.ID != id:
			case r.Status/100 == 2:
				return "done"
			case r.Status/100 == 3 || r.Status/100 == 4 && r.Status != 408 && r.Status != 429:
				return "refused"
			default:
				return ""
			}
		}
		return ""
	}
	for _, r := range rejected {
		if r.ID == id && !r.Retry {
			return "refused"
		}
	}
	var accepted, duplicates int
	_ = json.Unmarshal(member(said, "accepted"), &accepted)
	_ = json.Unmarshal(member(said, "duplicates"), &duplicates)
	if accepted+duplicates+len(rejected) == 3 && accepted >= 0 && duplicates >= 0 {
		return "done"
	}
	return ""
}

// member is that of an object whatever the case of its name, as encoding/json reads structs.
func member(object map[string]json.RawMessage, name string) json.RawMessage {
	for n, value := range object {
		if strings.EqualFold(n, name) {
			return value
		}
	}
	return nil
}
