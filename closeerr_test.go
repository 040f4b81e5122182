package sentrial_test

import (
	"context"
	"maps"
	"runtime"
	"testing"

	"github.com/sentrial/sentrial-go"
	"github.com/sentrial/sentrial-go/sentrialtest"
	"github.com/sentrial/sentrial-go/types"
)

// closings are the ways in which programs write a deferred CloseErr.
var closings = map[string]func(client *sentrial.Client, name string, fn func(context.Context) error) error{
	"Run": func(client *sentrial.Client, name string, fn func(context.Context) error) error {
		return client.Run(context.Background(), name, fn)
	},
	"deferred": func(client *sentrial.Client, name string, fn func(context.Context) error) (err error) {
		ctx, session := client.CreateSession(context.Background(), name)
		defer session.CloseErr(ctx, &err)
		return fn(ctx)
	},
	"deferred in a function": func(client *sentrial.Client, name string, fn func(context.Context) error) (err error) {
		ctx, session := client.CreateSession(context.Background(), name)
		defer func() { session.CloseErr(ctx, &err) }()
		return fn(ctx)
	},
}

// TestClosingByAPanic: the session is an error and the panic goes on as it was, also where CloseErr is not deferred itself and cannot recover.
func TestClosingByAPanic(t *testing.T) {
	for name, closing := range closings {
		t.Run(name, func(t *testing.T) {
			rec := sentrialtest.New(t)
			v := caught(func() { _ = closing(rec.Client(), "s", func(context.Context) error { panic(errBoom) }) })
			if err, ok := v.(error); !ok || !same(err, errBoom) {
				t.Errorf("panicked with %v, want %v", v, errBoom)
			}
			if e := oneEvent(t, rec, types.EventSessionEnd); e.Status != types.StatusError {
				t.Errorf("the session ended as %s, want error", e.Status)
			}
			if n := len(rec.Errors()); n != 1 {
				t.Errorf("%d error events, want 1", n)
			}
		})
	}
}

// TestClosingByGoexit is an error too.
func TestClosingByGoexit(t *testing.T) {
	for name, closing := range closings {
		t.Run(name, func(t *testing.T) {
			rec := sentrialtest.New(t)
			goexit(func() {
				_ = closing(rec.Client(), "s", func(context.Context) error { runtime.Goexit(); return nil })
			})
			if e := oneEvent(t, rec, types.EventSessionEnd); e.Status != types.StatusError {
				t.Errorf("the session ended as %s, want error", e.Status)
			}
		})
	}
}

// TestReturningDuringAPanic: what a deferred function does and finishes while another function panics is a success all the same.
func TestReturningDuringAPanic(t *testing.T) {
	rec := sentrialtest.New(t)
	want := map[string]types.Status{}
	caught(func() {
		for name, closing := range closings {
			want[name] = types.StatusSuccess
			defer func() {
				_ = closing(rec.Client(), name, func(ctx context.Context) error {
					return sentrial.Step(ctx, "clean up", func(context.Context) error { return nil })
				})
			}()
		}
		want["in place"] = types.StatusSuccess
		defer func() {
			var err error
			ctx, session := rec.Client().CreateSession(t.Context(), "in place")
			defer func() { session.CloseErr(ctx, &err) }()
		}()
		panic("boom")
	})
	got := map[string]types.Status{}
	for _, s := range rec.Sessions() {
		got[s.Name] = s.Status
	}
	if !maps.Equal(got, want) {
		t.Errorf("sessions ended as %v, want %v", got, want)
	}
	for _, e := range rec.Events() {
		if e.Type == types.EventError || e.Status == types.StatusError {
			t.Errorf("recorded %s", asJSON(e))
		}
	}
}
