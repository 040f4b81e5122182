package jsonenc_test

import (
	"encoding/json"
	"reflect"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/sentrial/sentrial-go/internal/jsonenc"
)

const patience = 10 * time.Millisecond

func withPatience(t *testing.T, d time.Duration) {
	old := jsonenc.SetPatience(d)
	t.Cleanup(func() { jsonenc.SetPatience(old) })
}

// gate blocks its MarshalJSON until it is opened, and counts who is inside.
type gate struct {
	open   chan struct{}
	inside *atomic.Int32
}

func newGate() gate { return gate{make(chan struct{}), new(atomic.Int32)} }

func (g gate) MarshalJSON() ([]byte, error) {
	g.inside.Add(1)
	defer g.inside.Add(-1)
	<-g.open
	return []byte(`"through"`), nil
}

var gateTimedOut = marker("timed out", "jsonenc_test.gate")

func TestMarshalJSONThatBlocks(t *testing.T) {
	withPatience(t, patience)
	synctest.Test(t, func(t *testing.T) {
		g := newGate()
		began := time.Now()
		got := decoded(t, jsonenc.Append(nil, map[string]any{"before": 1, "g": g, "fine": byValue{1}}))
		if took := time.Since(began); took != patience {
			t.Errorf("waited %v, want %v", took, patience)
		}
		if g := got.(map[string]any)["g"]; !reflect.DeepEqual(g, any(gateTimedOut)) {
			t.Errorf("got %v", g)
		}
		close(g.open)
	})
}

func TestPatienceIsForTheWholeCall(t *testing.T) {
	withPatience(t, patience)
	synctest.Test(t, func(t *testing.T) {
		g := newGate()
		defer close(g.open)
		began := time.Now()
		got := decoded(t, jsonenc.Append(nil, []any{g, g, g}))
		if want := []any{gateTimedOut, gateTimedOut, gateTimedOut}; !reflect.DeepEqual(got, any(want)) {
			t.Errorf("got %v", got)
		}
		if took := time.Since(began); took != patience {
			t.Errorf("waited %v, want %v altogether", took, patience)
		}
	})
}

func TestNothingMoreIsCalledOnceNobodyWaits(t *testing.T) {
	withPatience(t, patience)
	synctest.Test(t, func(t *testing.T) {
		first, second := newGate(), newGate()
		jsonenc.Append(nil, []any{first, second})
		close(first.open)
		synctest.Wait()
		if second.inside.Load() != 0 {
			t.Error("the second method was called after the call had returned")
		}
		close(second.open)
	})
}

func TestAtMostFourAreStuck(t *testing.T) {
	withPatience(t, patience)
	synctest.Test(t, func(t *testing.T) {
		g := newGate()
		var wg sync.WaitGroup
		for range 100 {
			wg.Go(func() {
				if got := decoded(t, jsonenc.Append(nil, g)); !reflect.DeepEqual(got, any(gateTimedOut)) {
					t.Errorf("got %v", got)
				}
			})
		}
		wg.Wait()
		if n := g.inside.Load(); n != jsonenc.MaxAside {
			t.Errorf("%d methods are stuck, want %d", n, jsonenc.MaxAside)
		}
		began := time.Now()
		if got := decoded(t, jsonenc.Append(nil, []any{byValue{1}, g})); !strings.Contains(got.([]any)[0].(map[string]any)["$omitted"].(string), "timed out") {
			t.Errorf("got %v", got)
		}
		if took := time.Since(began); took != 0 {
			t.Errorf("waited %v for a place that nobody will leave", took)
		}
		close(g.open)
		synctest.Wait()
		if n := jsonenc.Stuck(); n != 0 {
			t.Errorf("%d methods count as stuck after all have ended", n)
		}
		if got := string(jsonenc.Append(nil, byValue{1})); got != "[1]" {
			t.Errorf("after they ended: got %s, want [1]", got)
		}
	})
}

// A method that comes back late must not reach the buffer that its caller went on with.
func TestLateResultGoesNowhere(t *testing.T) {
	withPatience(t, patience)
	synctest.Test(t, func(t *testing.T) {
		g := newGate()
		buf := make([]byte, 0, 1<<10)
		buf = jsonenc.Append(buf, g)
		buf = append(buf, " and more"...)
		want := string(buf[:cap(buf)])
		close(g.open)
		synctest.Wait()
		if string(buf[:cap(buf)]) != want {
			t.Error("the buffer changed after the call")
		}
	})
}

// More callers than places: all get through when nothing is stuck.
func TestManyMethodsAtOnce(t *testing.T) {
	var wg sync.WaitGroup
	for range 32 {
		wg.Go(func() {
			for i := range 50 {
				if got := decoded(t, jsonenc.Append(nil, []byPointer{{i}})); !reflect.DeepEqual(got, any([]any{map[string]any{"p": num(i)}})) {
					t.Errorf("got %v", got)
					return
				}
			}
		})
	}
	wg.Wait()
}

type recordsItself struct{}

// MarshalJSON encodes another of its kind, as one that records an event would.
func (r recordsItself) MarshalJSON() ([]byte, error) {
	return jsonenc.Append(nil, map[string]any{"in": r}), nil
}

func TestMethodThatEncodesItself(t *testing.T) {
	want := `{"$omitted":"timed out","type":"jsonenc_test.recordsItself"}`
	for range jsonenc.MaxAside {
		want = `{"in":` + want + `}`
	}
	synctest.Test(t, func(t *testing.T) {
		began := time.Now()
		if got := string(jsonenc.Append(nil, recordsItself{})); got != want {
			t.Errorf("got %s, want %s", got, want)
		}
		if took := time.Since(began); took != 0 {
			t.Errorf("waited %v for places that it held itself", took)
		}
	})
}

// The standard library's methods need no goroutine, so no wait either.
func TestTrustedMethodsRunInPlace(t *testing.T) {
	withPatience(t, -time.Second)
	v := same()
	for _, name := range []string{"big", "addr", "time", "*time", "big float", "level keys"} {
		if got := string(jsonenc.Append(nil, v[name])); strings.Contains(got, "$omitted") {
			t.Errorf("%s: %s", name, got)
		}
	}
	over := make(chan struct{})
	defer close(over)
	if got := string(jsonenc.Append(nil, waits{over})); !strings.Contains(got, "timed out") {
		t.Errorf("without patience a foreign method still gave %s", got)
	}
}

// waits is a value whose method takes until the channel is closed.
type waits struct{ over chan struct{} }

func (w waits) MarshalJSON() ([]byte, error) {
	<-w.over
	return []byte("1"), nil
}

func num(i int) json.Number {
	b, _ := json.Marshal(i)
	return json.Number(b)
}
