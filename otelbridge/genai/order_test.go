package genai_test

import (
	"cmp"
	"math/rand/v2"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/sentrial/sentrial-go/otelbridge/genai"
)

// fixtures are spans with everything in them that depends on the spans around a span: trees of this package's tests, and the files of dialects.
func fixtures(t testing.TB) map[string][]*genai.Span {
	framework, client := overlap()
	all := map[string][]*genai.Span{
		"overlap": slices.Concat(framework, client),
		"sessions": slices.Concat(grown(1, agent("a", chat("m", 1, 2, "gen_ai.output.messages", asks), tool("t", "gen_ai.tool.call.id", "c1").at(20, 30)).with(in("s")...)),
			grown(2, agent("a", tool("u").failing("x")).at(200, 300).with(in("s")...).failing("x"))),
		"nested": grown(1, http("GET", agent("a", step("s", chat("w", 9, 9).around(chat("m", 1, 2).by("client"))), tool("t").around(mcp("t"), agent("b", chat("n", 3, 4)).with("gen_ai.conversation.id", "c"))))),
		"sums":   grown(1, agent("a", step("s"), agent("b").with("gen_ai.usage.input_tokens", 7)).with("gen_ai.usage.input_tokens", 7)),
		"side by side": grown(1, http("GET", step("chain", chat("m", 5, 6).by("framework")), chat("n", 5, 6).by("client").at(2, 8), tool("t", "gen_ai.tool.call.id", "c"),
			tool("t", "gen_ai.tool.call.id", "c"))),
		"failures":  grown(1, agent("a", step("s", chat("m", 1, 2).around(http("POST").failing("x")).failing("x")).failing("x"), tool("t").failing("y")).failing("x")),
		"two roots": slices.Concat(grown(1, agent("a", tool("t"))), grown(2, agent("b"))),
	}
	files, err := filepath.Glob("testdata/dialects/*.json")
	if err != nil {
		t.Fatal(err)
	}
	for _, file := range files {
		all[strings.TrimSuffix(filepath.Base(file), ".json")], _ = readOTLP(t, file)
	}
	return all
}

// byID gives events in a form that can be compared.
func byID(t testing.TB, all []genai.Event) map[string]genai.Event {
	m := make(map[string]genai.Event, len(all))
	for _, e := range all {
		if _, twice := m[e.ID]; twice {
			t.Errorf("%s %s comes twice", e.Type, e.ID)
		}
		m[e.ID] = e
	}
	return m
}

func sameEvents(t *testing.T, what string, got, want map[string]genai.Event) {
	t.Helper()
	for id, e := range want {
		if g, ok := got[id]; !ok {
			t.Errorf("%s: no %s %s", what, e.Type, id)
		} else if !reflect.DeepEqual(g, e) {
			t.Errorf("%s: %s %s\n got %+v\nwant %+v", what, e.Type, id, g, e)
		}
	}
	for id, e := range got {
		if _, ok := want[id]; !ok {
			t.Errorf("%s: %s %s is too much", what, e.Type, id)
		}
	}
}

// The order in which spans come, in how many pieces and how often, changes nothing.
func TestOrderOfArrival(t *testing.T) {
	random := rand.New(rand.NewPCG(7, 7))
	for name, spans := range fixtures(t) {
		t.Run(name, func(t *testing.T) {
			want := byID(t, events(genAll(spans)))
			for range 30 {
				list := slices.Clone(spans)
				if random.IntN(2) == 0 {
					list = append(list, spans...)
				}
				random.Shuffle(len(list), func(i, j int) { list[i], list[j] = list[j], list[i] })
				sameEvents(t, "shuffled", byID(t, inBatches(random, list)), want)
			}
		})
	}
}

// inBatches adds spans in pieces of any size, with less time between them than a trace is held, and takes what is due.
func inBatches(random *rand.Rand, list []*genai.Span) (all []genai.Event) {
	a := genai.NewAssembler(genai.Config{Settle: time.Hour, Quiet: time.Hour, MaxWait: time.Hour})
	now := begin
	for len(list) > 0 {
		n := min(len(list), 1+random.IntN(5))
		a.Add(now, list[:n]...)
		all = append(all, events(a.Take(now))...)
		list = list[n:]
		now = now.Add(time.Duration(random.IntN(100)) * time.Millisecond)
	}
	return append(all, events(a.Close(now))...)
}

// What the root alone says may be missing without it; calls and failures are not.
func TestWithoutRoots(t *testing.T) {
	for name, spans := range fixtures(t) {
		whole, without := byID(t, events(genAll(spans))), byID(t, events(genAll(rootless(spans))))
		for id, e := range whole {
			got, ok := without[id]
			root := slices.ContainsFunc(spans, func(s *genai.Span) bool { return s.SpanID == e.SpanID && s.TraceID == e.TraceID && s.ParentID.IsZero() })
			if root || e.LLMCall == nil && e.ToolCall == nil && e.Failure == nil {
				continue
			}
			if !ok || cmp.Or(cmp.Compare(got.Type, e.Type), cmp.Compare(got.Status, e.Status)) != 0 {
				t.Errorf("%s: %s %s is %+v", name, e.Type, id, got)
			}
		}
	}
}
