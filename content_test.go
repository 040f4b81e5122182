package sentrial_test

import (
	"context"
	"encoding/json"
	"fmt"
	"math"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/sentrial/sentrial-go"
	"github.com/sentrial/sentrial-go/types"
)

// modeOf tells by its content in which mode an event that has some was recorded.
func modeOf(e map[string]string) sentrial.ContentMode {
	for _, name := range contentNames {
		switch value, ok := e[name]; {
		case ok && isMarker(value):
			return sentrial.ContentHashed
		case ok:
			return sentrial.ContentFull
		}
	}
	return sentrial.ContentMetadata
}

// contentModes are the modes that may be set at the client, the session, the span around an event, and the event itself.
type contentModes [4]sentrial.ContentMode

const unset sentrial.ContentMode = -1

// innermost is the mode that counts of the first n.
func (m contentModes) innermost(n int) (mode sentrial.ContentMode) {
	for _, set := range m[:n] {
		if set != unset {
			mode = set
		}
	}
	return mode
}

// contentOption is WithContent, or no option.
func contentOption[O any](mode sentrial.ContentMode) (opts []O) {
	if mode != unset {
		opts = append(opts, any(sentrial.WithContent(mode)).(O))
	}
	return opts
}

// recordWith records events under these settings, and gives the modes that they should be recorded in, by id.
func (m contentModes) recordWith(ctx context.Context, client *sentrial.Client) map[string]sentrial.ContentMode {
	outside := ctx
	ctx, s := client.CreateSession(ctx, "s", contentOption[sentrial.SessionOption](m[1])...)
	ctx, outer := sentrial.StartStep(ctx, types.Step{}, contentOption[sentrial.StepOption](m[2])...)
	ctx, inner := sentrial.StartStep(ctx, types.Step{}) // hands on
	inside, tool := sentrial.StartTool(ctx, types.ToolCall{ToolInput: "in"}, contentOption[sentrial.ToolOption](m[3])...)
	ofLLM, llm := sentrial.StartLLM(ctx, types.LLMCall{Prompt: "in"}, contentOption[sentrial.LLMOption](m[3])...)
	for _, end := range []func(error){tool.End, llm.End, inner.End, outer.End} {
		end(nil)
	}
	return map[string]sentrial.ContentMode{
		tool.ID(): m.innermost(4),
		llm.ID():  m.innermost(4),
		sentrial.ReportError(ctx, errBoom, contentOption[sentrial.ErrorOption](m[3])...):      m.innermost(4),
		sentrial.Decide(inside, types.Decision{Chosen: "x"}):                                  m.innermost(4),
		sentrial.Decide(ofLLM, types.Decision{Chosen: "x"}):                                   m.innermost(4),
		s.TrackStep(ctx, types.Step{Input: "x"}):                                              m.innermost(3),
		s.TrackStep(s.Context(ctx), types.Step{Input: "x"}):                                   m.innermost(3),
		client.Session(s.ID()).TrackStep(ctx, types.Step{Input: "x"}):                         m.innermost(3),
		client.Record(ctx, types.Event{Step: &types.Step{Input: "x"}}):                        m.innermost(3),
		client.Record(ctx, types.Event{SessionID: s.ID(), Step: &types.Step{Input: "x"}}):     m.innermost(3),
		client.Record(outside, types.Event{SessionID: s.ID(), Step: &types.Step{Input: "x"}}): m.innermost(2),
		s.TrackStep(outside, types.Step{Input: "x"}):                                          m.innermost(2),
		s.TrackStep(s.Context(outside), types.Step{Input: "x"}):                               m.innermost(2),
	}
}

// TestTheMostSpecificContentModeWins has every setting at every level.
func TestTheMostSpecificContentModeWins(t *testing.T) {
	all := []sentrial.ContentMode{unset, sentrial.ContentFull, sentrial.ContentHashed, sentrial.ContentMetadata}
	for _, ofClient := range all {
		wire := &wire{}
		client := newClient(t, wire, contentOption[sentrial.Option](ofClient)...)
		want, settings := map[string]sentrial.ContentMode{}, map[string]contentModes{}
		for _, ofSession := range all {
			for _, around := range all {
				for _, own := range all {
					m := contentModes{ofClient, ofSession, around, own}
					for id, mode := range m.recordWith(t.Context(), client) {
						want[id], settings[id] = mode, m
					}
				}
			}
		}
		flush(t, client)
		if len(want) != 4*4*4*13 {
			t.Fatalf("%d events were recorded", len(want))
		}
		for _, e := range wire.events(t) {
			id := strings.Trim(string(e["id"]), `"`)
			if mode, asked := want[id]; asked && modeOf(asTexts(e)) != mode {
				t.Errorf("settings %v: %s is recorded in mode %v, want %v", settings[id], e["type"], modeOf(asTexts(e)), mode)
			}
		}
		checkStats(t, client, int(client.Stats().Accepted), 0, nothing)
	}
}

func asTexts(e map[string]json.RawMessage) map[string]string {
	all := map[string]string{}
	for name, value := range e {
		all[name] = string(value)
	}
	return all
}

func TestContentModeOfASession(t *testing.T) {
	wire := &wire{}
	client := newClient(t, wire)
	mode := func(ctx context.Context, s *sentrial.Session) sentrial.ContentMode {
		return modeOf(wire.event(t, client, s.TrackStep(ctx, types.Step{Input: "x"})))
	}
	check := func(what string, got, want sentrial.ContentMode) {
		t.Helper()
		if got != want {
			t.Errorf("%s: recorded in mode %v, want %v", what, got, want)
		}
	}
	before := client.Session("sess_1")
	ctx, s := client.CreateSession(t.Context(), "s", sentrial.WithSessionID("sess_1"), sentrial.WithContent(sentrial.ContentHashed))
	check("the session", mode(t.Context(), s), sentrial.ContentHashed)
	check("a handle from before", mode(t.Context(), before), sentrial.ContentHashed)
	check("a handle made later", mode(t.Context(), client.Session("sess_1")), sentrial.ContentHashed)
	check("a handle that was carried over", mode(client.Extract(t.Context(), carried(ctx)), sentrial.SessionFromContext(client.Extract(t.Context(), carried(ctx)))), sentrial.ContentHashed)
	check("another session", mode(ctx, client.Session("sess_2")), sentrial.ContentFull)

	before.Update(ctx, sentrial.WithContent(sentrial.ContentMetadata))
	check("after an update by another handle", mode(ctx, s), sentrial.ContentMetadata)
	s.Update(ctx, sentrial.WithUserID("u"))
	check("after an update of something else", mode(ctx, s), sentrial.ContentMetadata)
	_, again := client.CreateSession(t.Context(), "s", sentrial.WithSessionID("sess_1"))
	check("opened again", mode(t.Context(), again), sentrial.ContentMetadata)
	hashed, _ := client.CreateSession(t.Context(), "hashed", sentrial.WithContent(sentrial.ContentHashed))
	_, again = client.CreateSession(hashed, "s", sentrial.WithSessionID("sess_1"))
	check("opened again in another context", mode(t.Context(), again), sentrial.ContentMetadata)
	_, _ = client.CreateSession(t.Context(), "s", sentrial.WithSessionID("sess_3"), sentrial.WithContent(sentrial.ContentHashed))
	_, again = client.CreateSession(ctx, "s", sentrial.WithSessionID("sess_3"))
	check("opened again in a stricter context", mode(t.Context(), again), sentrial.ContentMetadata)

	innerCtx, inner := client.CreateSession(ctx, "inner")
	check("a session inside", mode(t.Context(), inner), sentrial.ContentMetadata)
	_, innermost := client.CreateSession(innerCtx, "innermost")
	check("a session inside that", mode(t.Context(), innermost), sentrial.ContentMetadata)
	_, own := client.CreateSession(ctx, "own", sentrial.WithContent(sentrial.ContentFull))
	check("a session inside with a mode of its own", mode(t.Context(), own), sentrial.ContentFull)
	_, again = client.CreateSession(t.Context(), "s", sentrial.WithSessionID("sess_1"), sentrial.WithContent(sentrial.ContentFull))
	check("opened again and told so", mode(t.Context(), again), sentrial.ContentFull)

	stepCtx, step := sentrial.StartStep(again.Context(t.Context()), types.Step{}, sentrial.WithContent(sentrial.ContentHashed))
	check("another session's event inside a step", mode(stepCtx, client.Session("sess_2")), sentrial.ContentHashed)
	check("a stricter session's event inside a step", mode(stepCtx, inner), sentrial.ContentMetadata)
	other := client.Session("sess_2").Context(stepCtx)
	check("another session's event in its own context", mode(other, client.Session("sess_2")), sentrial.ContentHashed)
	check("a stricter session's event in its own context", mode(inner.Context(stepCtx), inner), sentrial.ContentMetadata)
	step.End(nil)
}

func carried(ctx context.Context) sentrial.MapCarrier {
	into := sentrial.MapCarrier{}
	sentrial.Inject(ctx, into)
	return into
}

// TestSessionStartHasTheSessionsMode, not that of the step in which the session is created.
func TestSessionStartHasTheSessionsMode(t *testing.T) {
	wire := &wire{}
	client := newClient(t, wire)
	ctx, _ := client.CreateSession(t.Context(), "outer")
	ctx, step := sentrial.StartStep(ctx, types.Step{}, sentrial.WithContent(sentrial.ContentMetadata))
	_, _ = client.CreateSession(ctx, "inner", sentrial.WithContent(sentrial.ContentFull), sentrial.WithInput("x"))
	_, _ = client.CreateSession(ctx, "inner", sentrial.WithInput("x"))
	step.End(nil)
	flush(t, client)
	var inputs []string
	for _, e := range wire.events(t) {
		if string(e["name"]) == `"inner"` {
			inputs = append(inputs, string(e["input"]))
		}
	}
	if !slices.Equal(inputs, []string{`"x"`, ""}) {
		t.Errorf("the inputs of the sessions are %q", inputs)
	}
}

// TestUpdateIsRecordedInItsOwnMode, though a step around it says otherwise.
func TestUpdateIsRecordedInItsOwnMode(t *testing.T) {
	wire := &wire{}
	client := newClient(t, wire)
	ctx, s := client.CreateSession(t.Context(), "s")
	ctx, step := sentrial.StartStep(ctx, types.Step{}, sentrial.WithContent(sentrial.ContentFull))
	s.Update(ctx, sentrial.WithInput("x"), sentrial.WithContent(sentrial.ContentHashed))
	step.End(nil)
	flush(t, client)
	for _, e := range wire.events(t) {
		if string(e["type"]) == `"session_update"` && string(e["input"]) != hashedText("x") {
			t.Errorf("the update says %s", e["input"])
		}
	}
}

// TestHooksSeeTheInputOfTheStart in the mode that keeps none of it, too.
func TestHooksSeeTheInputOfTheStart(t *testing.T) {
	var seen []string
	client := newClient(t, &wire{}, sentrial.WithContent(sentrial.ContentMetadata), sentrial.WithHook(endHook(func(_ context.Context, e *types.Event) {
		if e.ToolCall != nil {
			form, err := json.Marshal(e.ToolCall.ToolInput)
			seen = append(seen, fmt.Sprint(string(form), err))
		}
	})))
	ctx, _ := client.CreateSession(t.Context(), "s")
	in := map[string]any{"k": "given"}
	_, span := sentrial.StartTool(ctx, types.ToolCall{ToolInput: in})
	in["k"] = "changed"
	span.End(nil)
	if !slices.Equal(seen, []string{`{"k":"given"}<nil>`}) {
		t.Errorf("the hook saw %q", seen)
	}
}

// TestSpanKeepsItsMode: what is stricter meanwhile counts, what is less strict does not, and an option of its own stays.
func TestSpanKeepsItsMode(t *testing.T) {
	wire := &wire{}
	client := newClient(t, wire)
	full, hashed, metadata := sentrial.ContentFull, sentrial.ContentHashed, sentrial.ContentMetadata
	for _, c := range []struct {
		own                     []sentrial.StepOption
		before, meanwhile, want sentrial.ContentMode
	}{
		{nil, full, full, full},
		{nil, full, hashed, hashed},
		{nil, full, metadata, metadata},
		{nil, hashed, full, hashed},
		{nil, hashed, metadata, metadata},
		{nil, metadata, full, metadata},
		{[]sentrial.StepOption{sentrial.WithContent(full)}, hashed, metadata, full},
		{[]sentrial.StepOption{sentrial.WithContent(hashed)}, full, metadata, hashed},
		{[]sentrial.StepOption{sentrial.WithContent(metadata)}, full, full, metadata},
	} {
		ctx, s := client.CreateSession(t.Context(), "s", sentrial.WithContent(c.before))
		_, span := sentrial.StartStep(ctx, types.Step{Input: map[string]any{"k": "v"}}, c.own...)
		s.Update(ctx, sentrial.WithContent(c.meanwhile))
		span.Output = "out"
		span.End(nil)
		if got := modeOf(wire.event(t, client, span.ID())); got != c.want {
			t.Errorf("%+v: recorded in mode %v", c, got)
		}
	}
}

// TestInputOfTheStartInEachMode: what a span was given counts as of its start, in the copies sent while it runs and at its end alike. A map that was put in its
// place counts at the end.
func TestInputOfTheStartInEachMode(t *testing.T) {
	const given, other = `{"a":1,"b":{"c":"x"}}`, `{"a":2}`
	want := map[sentrial.ContentMode]func(string) string{
		sentrial.ContentFull:     func(form string) string { return form },
		sentrial.ContentHashed:   hashedJSON,
		sentrial.ContentMetadata: func(string) string { return "" },
	}
	for mode, form := range want {
		for name, shaped := range map[string][]sentrial.Option{"plain": nil, "redactor": {sentrial.WithRedactor(keepAll{})}, "hook": {sentrial.WithHook(endHook(func(context.Context, *types.Event) {}))}} {
			t.Run(modeNames[mode]+" "+name, func(t *testing.T) {
				synctest.Test(t, func(t *testing.T) {
					wire := &wire{}
					client := newClient(t, wire, append(shaped, sentrial.WithContent(mode))...)
					ctx, _ := client.CreateSession(t.Context(), "s")
					inner := map[string]any{"c": "x"}
					in := map[string]any{"b": inner, "a": 1}
					_, tool := sentrial.StartTool(ctx, types.ToolCall{ToolInput: in})
					_, step := sentrial.StartStep(ctx, types.Step{Input: in})
					_, put := sentrial.StartTool(ctx, types.ToolCall{ToolInput: in})
					messages := []types.Message{{Role: "user", Parts: []types.Part{{Type: types.PartToolCall, Arguments: in}}}}
					_, llm := sentrial.StartLLM(ctx, types.LLMCall{Messages: messages, Parameters: in})
					time.Sleep(3 * time.Second)
					inner["c"] = "changed"
					put.ToolInput = map[string]any{"a": 2}
					for _, end := range []func(error){tool.End, step.End, put.End, llm.End} {
						end(nil)
					}
					flush(t, client)
					got := map[string][]string{}
					for _, e := range wire.events(t) {
						value := string(e["tool_input"]) + string(e["input"]) + string(e["messages"])
						got[string(e["id"])] = append(got[string(e["id"])], inOrder(t, value))
						if llm.ID() == strings.Trim(string(e["id"]), `"`) && inOrder(t, string(e["parameters"])) != given {
							t.Errorf("the parameters are %s", e["parameters"])
						}
					}
					asMessages := form(`[{"parts":[{"arguments":` + given + `,"type":"tool_call"}],"role":"user"}]`)
					if mode == sentrial.ContentHashed {
						asMessages = "[" + asMessages + "]"
					}
					for id, want := range map[string][]string{
						tool.ID(): {form(given), form(given)}, step.ID(): {form(given), form(given)}, put.ID(): {form(given), form(other)}, llm.ID(): {asMessages, asMessages},
					} {
						if !slices.Equal(got[`"`+id+`"`], want) {
							t.Errorf("running and ended are %q, want %q", got[`"`+id+`"`], want)
						}
					}
				})
			})
		}
	}
}

func TestUnknownContentModeIsTheStrictest(t *testing.T) {
	for name, record := range map[string]func(context.Context, *sentrial.Client, *sentrial.Session) string{
		"session": func(ctx context.Context, c *sentrial.Client, _ *sentrial.Session) string {
			ctx, s := c.CreateSession(ctx, "s", sentrial.WithContent(-1))
			return s.TrackStep(ctx, types.Step{Input: "x"})
		},
		"update": func(ctx context.Context, _ *sentrial.Client, s *sentrial.Session) string {
			s.Update(ctx, sentrial.WithContent(3))
			return s.TrackStep(ctx, types.Step{Input: "x"})
		},
		"span": func(ctx context.Context, _ *sentrial.Client, _ *sentrial.Session) string {
			_, span := sentrial.StartStep(ctx, types.Step{Input: "x"}, sentrial.WithContent(math.MaxInt))
			span.End(nil)
			return span.ID()
		},
		"error": func(ctx context.Context, _ *sentrial.Client, _ *sentrial.Session) string {
			return sentrial.ReportError(ctx, errBoom, sentrial.WithContent(math.MinInt))
		},
	} {
		t.Run(name, func(t *testing.T) {
			wire, log := &wire{}, &logged{}
			client := newClient(t, wire, sentrial.WithLogger(log.logger()))
			ctx, s := client.CreateSession(t.Context(), "s")
			for range 2 {
				if got := modeOf(wire.event(t, client, record(ctx, client, s))); got != sentrial.ContentMetadata {
					t.Errorf("recorded in mode %v, want ContentMetadata", got)
				}
			}
			if err := client.Close(ctx); err != nil {
				t.Error(err)
			}
			if lines := log.lines(); len(lines) != 1 || !strings.Contains(lines[0], "want ContentFull, ContentHashed or ContentMetadata") {
				t.Errorf("the log is %q, want one line about the mode", lines)
			}
		})
	}
}

// TestMetadataModeDoesNotEncodeContent: what is not sent costs nothing, a MarshalJSON of the program's is not even called.
func TestMetadataModeDoesNotEncodeContent(t *testing.T) {
	wire := &wire{}
	client := newClient(t, wire, sentrial.WithContent(sentrial.ContentMetadata))
	value := marshals(func() ([]byte, error) {
		t.Error("MarshalJSON was called")
		return []byte("1"), nil
	})
	ctx, s := client.CreateSession(t.Context(), "s", sentrial.WithInput(value))
	s.TrackToolCall(ctx, types.ToolCall{ToolInput: &value, ToolOutput: []any{value}})
	_, _ = sentrial.Tool(ctx, "t", &value, func(context.Context, *marshals) (marshals, error) { return value, nil })
	_, _ = sentrial.LLM(ctx, types.LLMCall{Messages: []types.Message{{Parts: []types.Part{{Type: types.PartToolCall, Arguments: &value}}}}}, func(context.Context, *types.LLMCall) (any, error) { return nil, nil })
	s.Close(ctx, types.SessionResult{Output: value})
	if err := client.Close(ctx); err != nil {
		t.Error(err)
	}
}
