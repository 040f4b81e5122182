package storetest

import (
	"bytes"
	"encoding/json"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/sentrial/sentrial-go/server/store"
	"github.com/sentrial/sentrial-go/types"
)

func sessionIDs(page store.SessionPage) string {
	var out []string
	for _, s := range page.Sessions {
		out = append(out, s.ID)
	}
	return strings.Join(out, " ")
}

func sessionsNewestFirst(t *testing.T, f *fixture) {
	for i, id := range []string{"b", "d", "a", "c"} {
		f.ingest(event(types.EventStep, "e"+id, []int{5, 7, 5, 6}[i], in(id)))
	}
	want(t, "sessions", sessionIDs(f.sessions(store.SessionQuery{})), "d c b a")
	f.ingest(event(types.EventSessionStart, "start", 9, in("a"), saying(func(c *store.Change) { c.Name, c.Input = "n", json.RawMessage(`{"q":1}`) })))
	page := f.sessions(store.SessionQuery{})
	want(t, "sessions, once a start is known", sessionIDs(page), "a d c b")
	want(t, "listed like got", page.Sessions[0], f.session("a"))
}

func sessionsPageByPage(t *testing.T, f *fixture) {
	for i := range 11 {
		f.ingest(event(types.EventStep, fmt.Sprintf("e%d", i), i/3, in(fmt.Sprintf("s%02d", i))))
	}
	all := sessionIDs(f.sessions(store.SessionQuery{}))
	for limit := 1; limit <= 12; limit++ {
		var paged store.SessionPage
		q := store.SessionQuery{Limit: limit}
		for pages := 0; pages <= 11; pages++ {
			page := f.sessions(q)
			paged.Sessions = append(paged.Sessions, page.Sessions...)
			if q.After = page.Next; q.After == nil {
				break
			}
		}
		want(t, fmt.Sprintf("pages of %d", limit), sessionIDs(paged), all)
	}
}

func sessionFilters(t *testing.T, f *fixture) {
	f.ingest(
		event(types.EventSessionStart, "a0", 1, in("a"), saying(func(c *store.Change) {
			c.Name, c.AgentName, c.UserID, c.ConversationID = "Reset a password", "support", "u1", "c1"
		})),
		event(types.EventLLMCall, "a1", 2, in("a"), func(e *store.Event) { e.Model = "gpt" }),
		event(types.EventSessionEnd, "a2", 3, in("a"), status(types.StatusSuccess), saying(func(c *store.Change) { c.Summary = "Did 100%_well" })),
		event(types.EventSessionStart, "b0", 4, in("b"), saying(func(c *store.Change) { c.AgentName, c.UserID = "support", "u2" })),
		event(types.EventToolCall, "b1", 5, in("b"), func(e *store.Event) { e.ToolName = "search" }),
		event(types.EventLLMCall, "b2", 5, in("b"), func(e *store.Event) { e.Model = "opus" }),
		event(types.EventLLMCall, "b3", 5, in("b"), func(e *store.Event) { e.Model = "gpt" }),
		event(types.EventStep, "c0", 6, in("c")),
	)
	at := func(n int) time.Time { return start.Add(time.Duration(n) * time.Second) }
	for _, c := range []struct {
		q    store.SessionQuery
		want string
	}{
		{store.SessionQuery{Status: types.StatusActive}, "c b"},
		{store.SessionQuery{Status: types.StatusSuccess}, "a"},
		{store.SessionQuery{Agent: "support"}, "b a"},
		{store.SessionQuery{Agent: "Support"}, ""},
		{store.SessionQuery{User: "u2"}, "b"},
		{store.SessionQuery{Conversation: "c1"}, "a"},
		{store.SessionQuery{Model: "gpt"}, "b a"},
		{store.SessionQuery{Model: "opus"}, "b"},
		{store.SessionQuery{Tool: "search"}, "b"},
		{store.SessionQuery{Tool: "gpt"}, ""},
		{store.SessionQuery{Tool: "search", Model: "gpt", Agent: "support", Status: types.StatusActive}, "b"},
		{store.SessionQuery{Text: "PASSWORD reset"}, "a"},
		{store.SessionQuery{Text: "password u2"}, ""},
		{store.SessionQuery{Text: "sup"}, "b a"},
		{store.SessionQuery{Text: "upp"}, ""},
		{store.SessionQuery{Text: "100%_well"}, "a"},
		{store.SessionQuery{Text: "100_%"}, "a"},
		{store.SessionQuery{Text: "_%"}, ""},
		{store.SessionQuery{Since: at(4)}, "c b"},
		{store.SessionQuery{Until: at(4)}, "a"},
		{store.SessionQuery{Since: at(4), Until: at(4).Add(1)}, "b"},
	} {
		want(t, fmt.Sprintf("%+v", c.q), sessionIDs(f.sessions(c.q)), c.want)
	}
	page := f.sessions(store.SessionQuery{Model: "gpt", Limit: 1})
	want(t, "first of two", sessionIDs(page), "b")
	want(t, "second of two", sessionIDs(f.sessions(store.SessionQuery{Model: "gpt", After: page.Next})), "a")
}

// filtersTakeTextLiterally tries what means something to a query language.
func filtersTakeTextLiterally(t *testing.T, f *fixture) {
	f.ingest(event(types.EventStep, "e1", 0))
	for _, text := range []string{`' OR 1=1 --`, `%`, `_`, `\`, `"`, `*`, `s1' --`, "\x00", `NEAR(`, `?`, `;DROP TABLE sessions`} {
		for _, q := range []store.SessionQuery{{Status: types.Status(text)}, {Agent: text}, {User: text}, {Conversation: text}, {Model: text}, {Tool: text}, {Text: text}} {
			want(t, fmt.Sprintf("%+v", q), sessionIDs(f.sessions(q)), "")
		}
		want(t, "type "+text, ids(f.events(store.EventQuery{Types: []types.EventType{types.EventType(text)}}).Events), "")
	}
	name := `x'"\%_` + "\n"
	f.ingest(event(types.EventSessionStart, "e2", 0, saying(func(c *store.Change) { c.Name, c.AgentName = name, name })))
	want(t, "by its strange name", sessionIDs(f.sessions(store.SessionQuery{Agent: name, Text: `x'"\%_`})), "s1")
}

func pagesAreBoundedInBytes(t *testing.T, f *fixture) {
	big := func(id string) store.Event {
		return event(types.EventSessionUpdate, id, 0, in(id), func(e *store.Event) {
			e.Raw = fmt.Appendf(nil, `{"id":%q,"name":"big","x":%q}`, id, strings.Repeat("x", store.PageBytes/2))
			e.Change.Input = e.Raw
		})
	}
	for i := range 5 {
		e := big(fmt.Sprintf("e%d", i))
		f.ingest(e)
		e.ID, e.SessionID, e.Change.Input = "f"+e.ID, "s1", nil
		e.Raw = bytes.Replace(e.Raw, []byte("big"), []byte("own"), 1)
		f.ingest(e)
	}
	events := f.events(store.EventQuery{})
	want(t, "events in a page", len(events.Events), 2)
	want(t, "events in the next", len(f.events(store.EventQuery{After: events.Next}).Events), 2)
	f.waitIndexed()
	sessions := f.sessions(store.SessionQuery{Text: "big"})
	want(t, "sessions in a page", len(sessions.Sessions), 2)
	want(t, "sessions in the next", sessionIDs(f.sessions(store.SessionQuery{Text: "big", After: sessions.Next})), "e2 e1")
}
