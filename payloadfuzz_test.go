package sentrial_test

import (
	"bytes"
	"encoding/binary"
	"encoding/json"
	"errors"
	"log/slog"
	"math"
	"reflect"
	"slices"
	"testing"
	"time"

	"github.com/sentrial/sentrial-go"
)

// newFuzzClient serves all inputs of a fuzz target.
func newFuzzClient(f *testing.F, w *wire) *sentrial.Client {
	f.Helper()
	client, err := sentrial.New(sentrial.WithAPIURL("http://127.0.0.1"), sentrial.WithHTTPClient(w.client()), sentrial.WithLogger(slog.New(slog.DiscardHandler)))
	if err != nil {
		f.Fatal(err)
	}
	f.Cleanup(func() { _ = client.Close(f.Context()) })
	return client
}

// checkFuzzed puts each of the values at one of the places and compares what arrives with what encoding/json makes of it. Where that
// gives up, or means something else on purpose, a marker must stand.
func checkFuzzed(t *testing.T, client *sentrial.Client, w *wire, values []any) {
	t.Helper()
	keys := make([]string, len(values))
	for i, v := range values {
		if keys[i] = places[i%len(places)].put(t.Context(), client, v); keys[i] == "" {
			t.Fatalf("%T was not accepted as %s", v, places[i%len(places)].name)
		}
	}
	events := arrived(t, client, w)
	w.forget()
	for i, v := range values {
		p := places[i%len(places)]
		checkAsStandard(t, v, events.at(t, keys[i], p.path))
	}
}

func checkAsStandard(t *testing.T, v any, got json.RawMessage) {
	t.Helper()
	want, err := standardJSON(v)
	if bytes.Contains(want, []byte(`"$ref"`)) {
		return // what looks like a reference is sent inside another object
	}
	if bytes.Contains(got, []byte(`"$omitted`)) || bytes.Contains(got, []byte(`"$truncated`)) {
		if err == nil && len(want) < 100_000 && nesting(want) < 40 && !timedOut(got) {
			t.Errorf("%T became %.500s, though it is %.500s", v, got, want)
		}
		return
	}
	if err != nil {
		t.Errorf("encoding/json refuses %T (%v), and it became %.500s", v, err, got)
		return
	}
	if !reflect.DeepEqual(tree(t, got), tree(t, want)) {
		t.Errorf("%T became %.500s, want %.500s", v, got, want)
	}
}

// standardJSON is what encoding/json makes of v, which lets panics through.
func standardJSON(v any) (form []byte, err error) {
	if p := caught(func() { form, err = json.Marshal(v) }); p != nil {
		return nil, errors.New("a method panicked")
	}
	return form, err
}

// timedOut is what a loaded machine can make of any method of the program's.
func timedOut(got []byte) bool { return bytes.Contains(got, []byte(`"$omitted":"timed out"`)) }

// forget makes room: a fuzz target runs for long.
func (w *wire) forget() {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.bodies, w.requests = nil, nil
}

// forge makes a Go value of bytes: the first says which kind, the rest what is in it.
type forge struct {
	data   []byte
	shared []any // containers that may be put in somewhere else too, themselves included
	backs  int
}

func (f *forge) next() byte {
	if len(f.data) == 0 {
		return 0
	}
	b := f.data[0]
	f.data = f.data[1:]
	return b
}

func (f *forge) text() string {
	n := min(int(f.next())%16, len(f.data))
	s := string(f.data[:n])
	f.data = f.data[n:]
	return s
}

func (f *forge) word() uint64 {
	var b [8]byte
	f.data = f.data[copy(b[:], f.data):]
	return binary.LittleEndian.Uint64(b[:])
}

// forged is a struct with what tags can say.
type forged struct {
	Any    any            `json:"any"`
	Text   string         `json:"text,omitempty"`
	Quoted float64        `json:"quoted,string"`
	Map    map[string]any `json:"map,omitzero"`
	Next   *forged        `json:"next,omitempty"`
	hidden any
	forgedInner
}

type forgedInner struct {
	Inner []any
	Text  int `json:"text"`
}

func (f *forge) value() any {
	if len(f.data) == 0 {
		return nil
	}
	switch f.next() % 22 {
	case 0:
		return nil
	case 1:
		return f.next()%2 == 0
	case 2:
		return int64(f.word())
	case 3:
		return f.word()
	case 4:
		return math.Float64frombits(f.word())
	case 5:
		return math.Float32frombits(uint32(f.word()))
	case 6:
		return f.text()
	case 7:
		return []byte(f.text())
	case 8:
		return json.Number(f.text())
	case 9:
		return json.RawMessage(f.text())
	case 10:
		return []string{f.text(), f.text()}
	case 11:
		return map[int16]string{int16(f.next()): f.text()}
	case 12:
		return &forged{Any: f.value(), Text: f.text(), Quoted: math.Float64frombits(f.word()), hidden: 1, forgedInner: forgedInner{Inner: []any{f.value()}}}
	case 13:
		return forged{Map: map[string]any{f.text(): f.value()}, Next: &forged{Any: f.value()}}
	case 14:
		text := f.text()
		return marshals(func() ([]byte, error) { return []byte(text), nil })
	case 15:
		text := f.text()
		return marshalsText(func() ([]byte, error) { return []byte(text), nil })
	case 16:
		return panicsWith(f.text())
	case 17:
		return time.Unix(int64(f.word()%(1<<40)), int64(f.next())).UTC()
	case 18:
		return f.back()
	}
	return f.container()
}

// back is a container that is somewhere else too, or around the value. Few of them: sharing multiplies.
func (f *forge) back() any {
	if f.backs++; len(f.shared) == 0 || f.backs > 4 {
		return nil
	}
	return f.shared[int(f.next())%len(f.shared)]
}

func (f *forge) container() any {
	n := int(f.next()) % 5
	switch f.next() % 3 {
	case 0:
		object := make(map[string]any)
		f.shared = append(f.shared, object)
		for range n {
			object[f.text()] = f.value()
		}
		return object
	case 1:
		list := make([]any, n)
		f.shared = append(f.shared, list)
		for i := range list {
			list[i] = f.value()
		}
		return list
	default:
		boxed := &box{}
		f.shared = append(f.shared, boxed)
		boxed.In = f.value()
		return boxed
	}
}

// FuzzRow53To56Values: whatever a value is made of, the event arrives, and the value means what encoding/json makes of it, or is marked.
func FuzzRow53To56Values(f *testing.F) {
	for kind := range byte(22) {
		f.Add([]byte{kind, 9, 'a', 0xff, '"', '1', 'e', '9', 0, kind, 3, 1, 2, 3})
	}
	f.Add([]byte{19, 4, 0, 1, 'a', 19, 3, 1, 18, 0, 4, 0, 0, 0, 0, 0, 0, 0xf8, 0x7f, 9, 4, '[', '1', ',', ']'})
	f.Add([]byte{20, 3, 1, 20, 2, 2, 18, 0, 18, 1, 14, 7, '{', '"', 'a', '"', ':', '1', '}', 8, 3, '1', 'e', '4'})
	w := &wire{}
	client := newFuzzClient(f, w)
	f.Fuzz(func(t *testing.T, data []byte) {
		v := any([]any{(&forge{data: data}).value()}) // nil alone is absent
		checkFuzzed(t, client, w, slices.Repeat([]any{v}, len(places)))
	})
}
