package cli_test

import (
	"bytes"
	"strings"
	"testing"

	"github.com/sentrial/sentrial-go/server/internal/cli"
	"github.com/sentrial/sentrial-go/server/internal/timeline"
	"github.com/sentrial/sentrial-go/types"
)

// TestOnlyWhatSaysSoIsNotRecoverable: an error that says nothing of it is drawn without a verdict.
func TestOnlyWhatSaysSoIsNotRecoverable(t *testing.T) {
	for said, want := range map[string]bool{``: false, `,"recoverable":null`: false, `,"recoverable":true`: false, `,"recoverable":false`: true} {
		e := cli.DecodeEvent([]byte(`{"id":"e","type":"error","session_id":"s","timestamp":"2026-01-02T03:04:05Z","error_message":"no luck"` + said + `}`))
		var out bytes.Buffer
		if err := timeline.Draw(&out, timeline.View{Events: []types.Event{e}}, timeline.Options{}); err != nil {
			t.Fatal(err)
		}
		if drawn := out.String(); !strings.Contains(drawn, "no luck") || strings.Contains(drawn, "not recoverable") != want {
			t.Errorf("%q: %s", said, drawn)
		}
	}
}
