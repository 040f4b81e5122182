package e2e_test

import (
	"context"
	"errors"
	"log"
	"os"
	"strings"
	"testing"

	"github.com/sentrial/sentrial-go"
	"github.com/sentrial/sentrial-go/types"
)

var errGaveUp = errors.New("the program gave up")

// endings are ways out of a program that pass `defer client.Close` or a Close of its own: nothing may be missing then.
var endings = map[string]struct {
	program func(context.Context, *sentrial.Client)
	code    int
	says    string // on standard error
	status  types.Status
	events  string
}{
	"panic in Run": {
		func(ctx context.Context, client *sentrial.Client) {
			defer client.Close(ctx)
			_ = client.Run(ctx, "run", func(ctx context.Context) error {
				sentrial.Decide(ctx, types.Decision{Chosen: "break"})
				panic("the agent broke")
			})
		}, 2, "panic: the agent broke", types.StatusError, "session_start decision error session_end",
	},
	"panic in a tool": {
		func(ctx context.Context, client *sentrial.Client) {
			defer client.Close(ctx)
			_ = client.Run(ctx, "run", func(ctx context.Context) error {
				_, err := sentrial.Tool(ctx, "hammer", 1, func(context.Context, int) (int, error) { panic("the tool broke") })
				return err
			})
		}, 2, "panic: the tool broke", types.StatusError, "session_start tool_call error session_end",
	},
	"panic with an error": {
		func(ctx context.Context, client *sentrial.Client) {
			defer client.Close(ctx)
			_ = client.Run(ctx, "run", func(context.Context) error { panic(errGaveUp) })
		}, 2, "the program gave up", types.StatusError, "session_start error session_end",
	},
	"panic under Recover": {
		func(ctx context.Context, client *sentrial.Client) {
			defer client.Close(ctx)
			ctx, session := client.CreateSession(ctx, "run")
			defer session.Close(ctx, types.SessionResult{Status: types.StatusError})
			defer sentrial.Recover(ctx)
			panic("the agent broke")
		}, 2, "panic: the agent broke", types.StatusError, "session_start error session_end",
	},
	"panic after Run": {
		func(ctx context.Context, client *sentrial.Client) {
			defer client.Close(ctx)
			_ = client.Run(ctx, "run", func(context.Context) error { return nil })
			panic("the program broke")
		}, 2, "panic: the program broke", types.StatusSuccess, "session_start session_end",
	},
	"panic in another goroutine that closes": {
		func(ctx context.Context, client *sentrial.Client) {
			go func() {
				defer client.Close(ctx)
				_ = client.Run(ctx, "run", func(context.Context) error { panic("the agent broke") })
			}()
			select {}
		}, 2, "panic: the agent broke", types.StatusError, "session_start error session_end",
	},
	"os.Exit after Close in a defer": {
		func(ctx context.Context, client *sentrial.Client) {
			defer os.Exit(3)
			defer client.Close(ctx)
			_ = client.Run(ctx, "run", func(context.Context) error { return errGaveUp })
		}, 3, "", types.StatusError, "session_start error session_end",
	},
	"log.Fatal after Run and Close": {
		func(ctx context.Context, client *sentrial.Client) {
			err := client.Run(ctx, "run", func(context.Context) error { return errGaveUp })
			if err := errors.Join(err, client.Close(ctx)); err != nil {
				log.Fatal(err)
			}
		}, 1, "the program gave up", types.StatusError, "session_start error session_end",
	},
}

var endingChild = asChild("ending", func() {
	client, err := sentrial.New()
	must(err)
	endings[os.Args[1]].program(context.Background(), client)
})

func TestRow38PanicLogFatalExit(t *testing.T) {
	for name, want := range endings {
		t.Run(name, func(t *testing.T) {
			to, _ := serveBehind(t, straight)
			if got := child(t, endingChild, to).run(t, name); got.code != want.code || !strings.Contains(got.stderr, want.says) {
				t.Errorf("exit code %d, want %d and %q\n%s", got.code, want.code, want.says, got.stderr)
			}
			session, events := to.one(t)
			if session.Status != want.status || kinds(events) != want.events {
				t.Fatalf("the server has %s: %s, want %s: %s", session.Status, kinds(events), want.status, want.events)
			}
			panicIsTold(t, events, strings.TrimPrefix(want.says, "panic: "))
		})
	}
}

// panicIsTold checks that the error events among the events say what happened.
func panicIsTold(t *testing.T, events []types.Event, says string) {
	t.Helper()
	for _, e := range events {
		if e.Type == types.EventError && !strings.Contains(e.Error.ErrorMessage, says) {
			t.Errorf("the error says %q, want %q", e.Error.ErrorMessage, says)
		}
		if e.Type == types.EventToolCall && e.Status != types.StatusError {
			t.Errorf("the tool call has status %s", e.Status)
		}
	}
}
