package sentrial_test

import (
	"context"
	"encoding/json"
	"fmt"
	"reflect"
	"slices"
	"testing"
	"time"

	"github.com/sentrial/sentrial-go"
	"github.com/sentrial/sentrial-go/types"
)

// spoil writes to all memory that v leads to.
func spoil(v reflect.Value) {
	switch v.Kind() {
	case reflect.Pointer, reflect.Interface:
		if !v.IsNil() {
			spoil(v.Elem())
		}
	case reflect.Struct:
		for i := range v.NumField() {
			if v.Type() != reflect.TypeFor[time.Time]() {
				spoil(v.Field(i))
			}
		}
	case reflect.Slice:
		for i := range v.Len() {
			spoil(v.Index(i))
			v.Index(i).SetZero()
		}
	case reflect.Map:
		for _, name := range v.MapKeys() {
			spoil(v.MapIndex(name))
			v.SetMapIndex(name, reflect.Value{})
		}
		if !v.IsNil() {
			v.SetMapIndex(reflect.ValueOf("spoilt"), reflect.New(v.Type().Elem()).Elem())
		}
	}
	if v.CanSet() {
		v.SetZero()
	}
}

// ownValues are of every kind that the encoder knows, and of some that it does not.
func ownValues() map[string]any {
	n := 1
	return map[string]any{
		"map": map[string]any{"a": map[string]any{"b": []any{1, "c"}}}, "list": []any{map[string]any{"a": 1}}, "maps": []map[string]any{{"a": 1}}, "strings": []string{"a", "b"},
		"strings map": map[string]string{"a": "b"}, "ints": []int{1, 2}, "int64s": []int64{1}, "floats": []float64{0.5}, "bools": []bool{true}, "ints map": map[string]int{"a": 1},
		"floats map": map[string]float64{"a": 0.5}, "raw": json.RawMessage(`{"a":"b"}`), "bytes": []byte("bytes"), "pointer": &n, "struct": &box{In: []any{"a"}}, "text": "text",
		"typed": map[string][]string{"a": {"b"}}, "number": json.Number("1"), "time": noon, "text in JSON": json.RawMessage(`"text"`),
	}
}

// ownEvent leads to memory of the program wherever an event can.
func ownEvent(kind types.EventType, longWay bool) types.Event {
	m := newMaker(1)
	m.full, m.values = true, []any{ownValues()}
	e := *m.event(kind)
	e.Metadata = map[string]any{"k": ownValues()}
	if !longWay {
		e.Extra = nil
	}
	if e.LLMCall != nil {
		e.LLMCall.Messages = slices.Concat(e.LLMCall.Messages, toolMessages(ownValues(), ownValues()))
	}
	return e
}

// eachOwnEvent runs check with every type of event, on both ways of making the view.
func eachOwnEvent(t *testing.T, check func(t *testing.T, own, same types.Event)) {
	for kind := range payloads {
		for _, longWay := range []bool{false, true} {
			t.Run(fmt.Sprint(kind, longWay), func(t *testing.T) { check(t, ownEvent(kind, longWay), ownEvent(kind, longWay)) })
		}
	}
	made := func() types.Event {
		return types.Event{Type: "made_up", SessionID: "s", Raw: json.RawMessage(`{"type":"made_up","a":[1]}`), Metadata: ownValues()}
	}
	t.Run("unknown", func(t *testing.T) { check(t, made(), made()) })
}

// TestRedactorReachesNothingOfTheProgram: it writes to all memory that it is shown, and the program's stays as it was.
func TestRedactorReachesNothingOfTheProgram(t *testing.T) {
	eachOwnEvent(t, func(t *testing.T, own, same types.Event) {
		shown := 0
		client := newClient(t, &wire{}, sentrial.WithRedactor(redactFunc(func(_ context.Context, e *types.Event) error {
			shown += len(asJSON(e))
			spoil(reflect.ValueOf(e))
			return nil
		})))
		if id := client.Record(t.Context(), own); id == "" || shown == 0 {
			t.Fatalf("id %q, %d bytes were shown", id, shown)
		}
		if !reflect.DeepEqual(own, same) {
			t.Errorf("the program's event became\n%s\nit was\n%s", printed(&own), printed(&same))
		}
	})
}

// TestRedactorMayKeepWhatItSaw: later events do not change it, the program does not, and whoever writes to it then changes nothing that was recorded.
func TestRedactorMayKeepWhatItSaw(t *testing.T) {
	eachOwnEvent(t, func(t *testing.T, own, same types.Event) {
		var kept []*types.Event
		w := &wire{}
		client := newClient(t, w, sentrial.WithRedactor(redactFunc(func(_ context.Context, e *types.Event) error {
			kept = append(kept, e)
			return nil
		})))
		id := client.Record(t.Context(), own)
		before := asJSON(kept[0])
		spoil(reflect.ValueOf(&own))
		client.Record(t.Context(), same)
		for range 10 {
			client.Record(t.Context(), types.Event{SessionID: "s", Step: &types.Step{Name: "other", Input: ownValues()}})
		}
		if after := asJSON(kept[0]); after != before {
			t.Errorf("what was kept became\n%s\nit was\n%s", after, before)
		}
		for _, e := range kept {
			spoil(reflect.ValueOf(e))
		}
		if sent := arrived(t, client, w)[id]; !reflect.DeepEqual(tree(t, sent), tree(t, []byte(before))) {
			t.Errorf("sent was\n%s\nshown was\n%s", sent, before)
		}
	})
}
