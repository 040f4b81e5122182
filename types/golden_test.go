package types_test

import (
	"bytes"
	"encoding/json"
	"flag"
	"os"
	"path/filepath"
	"reflect"
	"testing"

	"github.com/sentrial/sentrial-go/types"
)

var update = flag.Bool("update", false, "rewrite the golden files in testdata")

// TestGoldenEvents holds one event per type, with everything set and with the least, against the wire, in both directions.
func TestGoldenEvents(t *testing.T) {
	for name, event := range goldenEvents() {
		t.Run(name, func(t *testing.T) {
			checkGolden(t, name, event)
			if got := unmarshal[types.Event](t, compactGolden(t, name)); !reflect.DeepEqual(got, event) {
				t.Errorf("read back:\n got %+v\nwant %+v", got, event)
			}
		})
	}
}

// TestGoldenCoversEveryType fails when a type of event gets no golden files.
func TestGoldenCoversEveryType(t *testing.T) {
	events := goldenEvents()
	for _, eventType := range knownTypes {
		for _, name := range []string{string(eventType), string(eventType) + ".minimal"} {
			if got := events[name].Type; got != eventType {
				t.Errorf("golden event %s has type %q", name, got)
			}
		}
	}
}

// TestPayloadFillsEnvelope clears in the envelope what the payload has too: the wire must be the same.
func TestPayloadFillsEnvelope(t *testing.T) {
	for name, event := range goldenEvents() {
		t.Run(name, func(t *testing.T) {
			bare := types.Event{
				ID: event.ID, Type: event.Type, SessionID: event.SessionID, ParentID: event.ParentID, Seq: event.Seq,
				TraceID: event.TraceID, SpanID: event.SpanID, Extra: event.Extra, Raw: event.Raw,
				Session: event.Session, Result: event.Result, ToolCall: event.ToolCall, Decision: event.Decision,
				LLMCall: event.LLMCall, Error: event.Error, Step: event.Step, Feedback: event.Feedback,
			}
			restoreEnvelopeOnly(&bare, event)
			checkGolden(t, name, bare)
		})
	}
}

// restoreEnvelopeOnly puts back the envelope fields that the event's payload has no place for.
func restoreEnvelopeOnly(bare *types.Event, event types.Event) {
	timed := event.ToolCall != nil || event.LLMCall != nil || event.Step != nil
	if !timed {
		bare.Duration = event.Duration
	}
	if !timed && event.Result == nil {
		bare.Status = event.Status
	}
	if event.Session != nil || event.Result != nil {
		bare.Timestamp, bare.Metadata = event.Timestamp, event.Metadata
	}
	if event.Feedback != nil {
		bare.Timestamp = event.Timestamp
	}
}

func TestGoldenSession(t *testing.T) {
	for name, session := range goldenSessions() {
		t.Run(name, func(t *testing.T) {
			checkGolden(t, name, session)
			if got := unmarshal[types.Session](t, compactGolden(t, name)); !reflect.DeepEqual(got, session) {
				t.Errorf("read back:\n got %+v\nwant %+v", got, session)
			}
		})
	}
}

func checkGolden(t *testing.T, name string, value json.Marshaler) {
	t.Helper()
	encoded, err := value.MarshalJSON()
	if err != nil {
		t.Fatal(err)
	}
	var got bytes.Buffer
	if err := json.Indent(&got, encoded, "", "  "); err != nil {
		t.Fatal(err)
	}
	got.WriteByte('\n')
	if *update {
		if err := os.WriteFile(goldenPath(name), got.Bytes(), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	if want := golden(t, name); got.String() != string(want) {
		t.Errorf("got:\n%s\nwant:\n%s", got.String(), want)
	}
}

func golden(t testing.TB, name string) []byte {
	t.Helper()
	want, err := os.ReadFile(goldenPath(name))
	if err != nil {
		t.Fatal(err)
	}
	return want
}

// compactGolden is a golden file without the white space, which raw values would keep.
func compactGolden(t *testing.T, name string) string {
	t.Helper()
	var compact bytes.Buffer
	if err := json.Compact(&compact, golden(t, name)); err != nil {
		t.Fatal(err)
	}
	return compact.String()
}

func goldenPath(name string) string { return filepath.Join("testdata", name+".json") }

func marshal(t *testing.T, value any) string {
	t.Helper()
	encoded, err := json.Marshal(value)
	if err != nil {
		t.Fatal(err)
	}
	return string(encoded)
}

func unmarshal[T any](t *testing.T, data string) T {
	t.Helper()
	var value T
	if err := json.Unmarshal([]byte(data), &value); err != nil {
		t.Fatal(err)
	}
	return value
}
