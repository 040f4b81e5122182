package sentrial_test

import (
	"context"
	"encoding/json"
	"fmt"
	"hash/crc32"
	"net/http"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/sentrial/sentrial-go"
	"github.com/sentrial/sentrial-go/types"
)

// ledgerPage is a value that a program goes on writing to. It proves by its sum that it was read in one state.
type ledgerPage struct {
	Round int            `json:"round"`
	Lines []string       `json:"lines"`
	Words map[string]any `json:"words"`
	Raw   json.RawMessage
	Next  *ledgerPage `json:"next,omitempty"`
	Sum   uint32      `json:"sum"`
}

func newLedgerPage() *ledgerPage {
	p := &ledgerPage{Lines: make([]string, 8), Words: map[string]any{"list": []any{0, 0}}, Raw: json.RawMessage(`[00000000]`), Next: &ledgerPage{}}
	p.write(1)
	return p
}

// write changes everything in place.
func (p *ledgerPage) write(round int) {
	text := fmt.Sprintf("%08d", round+10_000_000)
	p.Round, p.Next.Round = round, round
	for i := range p.Lines {
		p.Lines[i] = text
	}
	clear(p.Words)
	p.Words["list"], p.Words[text] = []any{round, text}, round
	copy(p.Raw[1:], text)
	p.Sum = p.checksum()
}

func (p *ledgerPage) checksum() uint32 {
	h := crc32.NewIEEE()
	text := fmt.Sprintf("%08d", p.Round+10_000_000)
	list, _ := p.Words["list"].([]any)
	fmt.Fprintln(h, p.Round, p.Lines, fmt.Sprint(list), p.Words[text], string(p.Raw), p.Next.Round)
	return h.Sum32()
}

// pages are the forms in which a program may pass one.
var pages = map[string]func(*ledgerPage) any{
	"pointer": func(p *ledgerPage) any { return p },
	"struct":  func(p *ledgerPage) any { return *p },
	"map": func(p *ledgerPage) any {
		return map[string]any{"round": p.Round, "lines": p.Lines, "words": p.Words, "Raw": p.Raw, "next": p.Next, "sum": p.Sum}
	},
	"list": func(p *ledgerPage) any { return []*ledgerPage{p} },
}

// readPage gives the page as it arrived.
func readPage(t *testing.T, raw json.RawMessage) *ledgerPage {
	t.Helper()
	p := new(ledgerPage)
	raw = json.RawMessage(strings.TrimSuffix(strings.TrimPrefix(string(raw), "["), "]"))
	d := json.NewDecoder(strings.NewReader(string(raw)))
	d.UseNumber()
	if err := d.Decode(p); err != nil || p.Next == nil {
		t.Fatalf("%v: %.300s", err, raw)
	}
	return p
}

// checkPage wants the page of one round, whole.
func checkPage(t *testing.T, what string, raw json.RawMessage, round int) {
	t.Helper()
	p := readPage(t, raw)
	if p.checksum() != p.Sum || round > 0 && p.Round != round {
		t.Errorf("%s: round %d arrived, want %d; checksum %x, want %x: %.120s", what, p.Round, round, p.checksum(), p.Sum, raw)
	}
}

// TestRow57WhatWasRecordedStays at every place, whatever is done to the value when the call has returned.
func TestRow57WhatWasRecordedStays(t *testing.T) {
	w := &wire{}
	for way, client := range shapedClients(t, w) {
		for form, as := range pages {
			page := newLedgerPage()
			keys := make([]string, len(places))
			for i, p := range places {
				page.write(2*i + 1)
				keys[i] = p.put(t.Context(), client, as(page))
				page.write(2*i + 2)
			}
			events := arrived(t, client, w)
			w.forget()
			for i, p := range places {
				checkPage(t, fmt.Sprintf("%s as %s, %s", form, p.name, way), events.at(t, keys[i], p.path), 2*i+1)
			}
		}
	}
}

// openings begin an operation with a value, run change while it is open, and end it.
var openings = map[string]struct {
	run  func(ctx context.Context, c *sentrial.Client, v any, change func()) (key string)
	path []any
}{
	"tool span": {func(ctx context.Context, c *sentrial.Client, v any, change func()) string {
		_, span := sentrial.StartTool(c.Session("s").Context(ctx), types.ToolCall{ToolName: "t", ToolInput: v})
		change()
		span.End(nil)
		return span.ID()
	}, into("tool_input")},
	"step span": {func(ctx context.Context, c *sentrial.Client, v any, change func()) string {
		_, span := sentrial.StartStep(c.Session("s").Context(ctx), types.Step{Name: "n", Input: v})
		change()
		span.End(nil)
		return span.ID()
	}, into("input")},
	"LLM span's arguments": {func(ctx context.Context, c *sentrial.Client, v any, change func()) string {
		_, span := sentrial.StartLLM(c.Session("s").Context(ctx), types.LLMCall{Model: "m", Messages: toolMessages(v, nil)})
		change()
		span.End(nil)
		return span.ID()
	}, into("messages", 0, "parts", 0, "arguments")},
	"LLM span's parameters": {func(ctx context.Context, c *sentrial.Client, v any, change func()) string {
		_, span := sentrial.StartLLM(c.Session("s").Context(ctx), types.LLMCall{Model: "m", Parameters: map[string]any{"k": v}})
		change()
		span.End(nil)
		return span.ID()
	}, into("parameters", "k")},
	"tool helper": {func(ctx context.Context, c *sentrial.Client, v any, change func()) string {
		s := newPlaceSession(c)
		_, _ = sentrial.Tool(s.Context(ctx), "t", v, func(context.Context, any) (int, error) { change(); return 1, nil })
		return s.ID() + " tool_call"
	}, into("tool_input")},
	"wrapped tool": {func(ctx context.Context, c *sentrial.Client, v any, change func()) string {
		s := newPlaceSession(c)
		_, _ = sentrial.WrapTool("t", func(context.Context, any) (int, error) { change(); return 1, nil })(s.Context(ctx), v)
		return s.ID() + " tool_call"
	}, into("tool_input")},
	"LLM helper": {func(ctx context.Context, c *sentrial.Client, v any, change func()) string {
		s := newPlaceSession(c)
		_, _ = sentrial.LLM(s.Context(ctx), types.LLMCall{Model: "m", Messages: toolMessages(v, nil)}, func(context.Context, *types.LLMCall) (int, error) { change(); return 1, nil })
		return s.ID() + " llm_call"
	}, into("messages", 0, "parts", 0, "arguments")},
	"result set early": {func(ctx context.Context, c *sentrial.Client, v any, change func()) string {
		s := newPlaceSession(c)
		s.SetResult(types.SessionResult{Output: v})
		change()
		s.Close(ctx, types.SessionResult{})
		return s.ID() + " session_end"
	}, into("output")},
}

// TestRow57WhatAnOperationWasGivenStays as it was at its start, though the operation itself changes it.
func TestRow57WhatAnOperationWasGivenStays(t *testing.T) {
	w := &wire{}
	for way, client := range shapedClients(t, w) {
		for name, o := range openings {
			for form, as := range pages {
				page := newLedgerPage()
				page.write(7)
				key := o.run(t.Context(), client, as(page), func() { page.write(8) })
				checkPage(t, fmt.Sprintf("%s, %s, %s", form, name, way), arrived(t, client, w).at(t, key, o.path), 7)
				w.forget()
			}
		}
	}
}

// TestRow57FieldsOfAnOpenCall that are slices and maps themselves.
func TestRow57FieldsOfAnOpenCall(t *testing.T) {
	w := &wire{}
	client := newClient(t, w)
	definitions, raw := json.RawMessage(`["before"]`), json.RawMessage(`{"type":"image","u":"before"}`)
	metrics, result := map[string]float64{"m": 1}, newPlaceSession(client)
	result.SetResult(types.SessionResult{Metrics: metrics})
	_, span := sentrial.StartLLM(client.Session("s").Context(t.Context()), types.LLMCall{
		Model: "m", ToolDefinitions: definitions, Messages: []types.Message{{Role: "user", Parts: []types.Part{{Type: "image", Raw: raw}}}},
	})
	copy(definitions, `["after!"]`)
	copy(raw, `{"type":"image","u":"after!"}`)
	metrics["m"] = 2
	span.End(nil)
	result.Close(t.Context(), types.SessionResult{})
	events := arrived(t, client, w)
	for _, field := range []struct {
		key  string
		path []any
		want string
	}{
		{span.ID(), into("tool_definitions"), `["before"]`},
		{span.ID(), into("messages", 0, "parts", 0), `{"type":"image","u":"before"}`},
		{result.ID() + " session_end", into("metrics"), `{"m":1}`},
	} {
		if got := string(events.at(t, field.key, field.path)); got != field.want {
			t.Errorf("%v: got %s, want %s", field.path, got, field.want)
		}
	}
}

// TestRow57SlicesOfTexts may be used again, by every way that takes them.
func TestRow57SlicesOfTexts(t *testing.T) {
	w := &wire{}
	client := newClient(t, w)
	tags, alternatives := []string{"before"}, []string{"before"}
	facts := map[string]any{"k": "before"}
	option := sentrial.WithMetadata(facts)
	_, s := client.CreateSession(t.Context(), "n", sentrial.WithTags(tags...))
	decision := client.Session("s").TrackDecision(t.Context(), types.Decision{Alternatives: alternatives})
	tags[0], alternatives[0], facts["k"] = "after", "after", "after"
	step := newPlaceSession(client)
	_ = sentrial.Step(step.Context(t.Context()), "n", func(context.Context) error { return nil }, option)
	events := arrived(t, client, w)
	for _, got := range []json.RawMessage{
		events.at(t, s.ID()+" session_start", into("tags", 0)), events.at(t, decision, into("alternatives", 0)), events.at(t, step.ID()+" step", into("metadata", "k")),
	} {
		if string(got) != `"before"` {
			t.Errorf("got %s", got)
		}
	}
}

// TestRow57SharedUnderALock: a program writes to its value under a lock, and holds the lock for the recording call only. Were the value
// read at another time, the race detector would see it here, and the checksums would without it.
func TestRow57SharedUnderALock(t *testing.T) {
	w := &wire{}
	for way, client := range shapedClients(t, w) {
		var lock sync.Mutex
		page := newLedgerPage()
		stop := make(chan struct{})
		var writers, callers sync.WaitGroup
		writers.Go(func() {
			for round := 1; ; round++ {
				select {
				case <-stop:
					return
				default:
				}
				lock.Lock()
				page.write(round)
				lock.Unlock()
			}
		})
		keys := make([][]string, len(places))
		for i, p := range places {
			callers.Go(func() {
				for range 20 {
					lock.Lock()
					key := p.put(t.Context(), client, page)
					lock.Unlock()
					keys[i] = append(keys[i], key)
				}
			})
		}
		callers.Wait()
		close(stop)
		writers.Wait()
		events := arrived(t, client, w)
		w.forget()
		for i, p := range places {
			for _, key := range keys[i] {
				checkPage(t, fmt.Sprintf("%s, %s", p.name, way), events.at(t, key, p.path), 0)
			}
		}
	}
}

// TestRow57OpenUnderALock is the same for operations that take long: the lock is held while they begin and while they end.
func TestRow57OpenUnderALock(t *testing.T) {
	w := &wire{}
	for way, client := range shapedClients(t, w) {
		var lock sync.Mutex
		page := newLedgerPage()
		rounds := 0
		write := func() {
			lock.Unlock()
			lock.Lock()
			rounds++
			page.write(rounds)
		}
		var callers sync.WaitGroup
		var book sync.Mutex
		began := map[string]int{}
		paths := map[string][]any{}
		for _, o := range openings {
			callers.Go(func() {
				for range 20 {
					lock.Lock()
					round := page.Round
					key := o.run(t.Context(), client, page, write)
					lock.Unlock()
					book.Lock()
					began[key], paths[key] = round, o.path
					book.Unlock()
				}
			})
		}
		callers.Wait()
		events := arrived(t, client, w)
		w.forget()
		for key, round := range began {
			checkPage(t, way, events.at(t, key, paths[key]), round)
		}
	}
}

// TestRow57BytesOfARetry: a batch that failed is sent again with the same events, whatever became of the values.
func TestRow57BytesOfARetry(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		page := newLedgerPage()
		server := newScript(t, func(*sent) (*http.Response, error) {
			page.write(99)
			return nil, errNetwork
		})
		client := newClient(t, server)
		client.Session("s").TrackToolCall(t.Context(), types.ToolCall{ToolName: "t", ToolInput: page})
		time.Sleep(time.Minute)
		requests := server.requests()
		if len(requests) != 2 || !slices.Equal(requests[0].events, requests[1].events) {
			t.Fatalf("%d requests, the same events: %t", len(requests), len(requests) == 2)
		}
		checkPage(t, "sent again", child(json.RawMessage(requests[1].events[0]), "tool_input"), 1)
	})
}
