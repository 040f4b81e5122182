package otelbridge_test

import (
	"context"
	"errors"
	"strings"
	"testing"

	sdktrace "go.opentelemetry.io/otel/sdk/trace"

	sentrial "github.com/sentrial/sentrial-go"
	"github.com/sentrial/sentrial-go/otelbridge"
	"github.com/sentrial/sentrial-go/sentrialtest"
)

// Taking spans takes no time, so an export whose time is up loses none: nobody would try it again.
func TestContextThatIsDone(t *testing.T) {
	rec := sentrialtest.New(t)
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	exporter := otelbridge.NewExporter(rec.Client())
	if err := exporter.ExportSpans(ctx, spansOf(t, t.Context(), weather())); err != nil {
		t.Error(err)
	}
	shutDown(t, exporter)
	wantRun(t, rec)
}

func TestClosedClient(t *testing.T) {
	rec := sentrialtest.New(t)
	rec.Allow(sentrialtest.LostEvents)
	exporter := otelbridge.NewExporter(rec.Client())
	if err := rec.Client().Close(t.Context()); err != nil {
		t.Fatal(err)
	}
	err := exporter.ExportSpans(t.Context(), spansOf(t, t.Context(), weather()))
	if !errors.Is(err, sentrial.ErrClosed) || !strings.Contains(err.Error(), "6 of 6 spans were refused") {
		t.Errorf("error %v, want one that counts the refused spans", err)
	}
	if err := exporter.ForceFlush(t.Context()); !errors.Is(err, sentrial.ErrClosed) {
		t.Errorf("ForceFlush: %v", err)
	}
}

func TestClientThatRecordsNothing(t *testing.T) {
	t.Setenv("SENTRIAL_DISABLED", "true")
	disabled, err := sentrial.New()
	if err != nil {
		t.Fatal(err)
	}
	spans := spansOf(t, t.Context(), weather())
	for name, exporter := range map[string]*otelbridge.Exporter{
		"no client": otelbridge.NewExporter(nil), "disabled client": otelbridge.NewExporter(disabled), "no exporter": nil,
	} {
		for range 2 {
			if err := errors.Join(exporter.ExportSpans(t.Context(), spans), exporter.ForceFlush(t.Context())); err != nil {
				t.Errorf("%s: %v", name, err)
			}
		}
		if err := exporter.Shutdown(t.Context()); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestShutdown(t *testing.T) {
	rec := sentrialtest.New(t)
	rec.Allow(sentrialtest.LostEvents)
	exporter := otelbridge.NewExporter(rec.Client())
	spans := spansOf(t, t.Context(), weather())
	if err := errors.Join(exporter.Shutdown(t.Context()), exporter.Shutdown(t.Context())); err != nil {
		t.Error(err)
	}
	if err := exporter.ExportSpans(t.Context(), spans); err == nil {
		t.Error("spans were taken after Shutdown")
	}
	if refused := rec.Client().Stats().Refused[sentrial.DropClosed]; refused != uint64(len(spans)) {
		t.Errorf("%d spans refused, want %d", refused, len(spans))
	}
	if id := rec.Client().Session("s").TrackToolCall(t.Context(), tool); id == "" {
		t.Error("Shutdown closed the client, which is not the exporter's")
	}
	if err := exporter.ForceFlush(t.Context()); err != nil {
		t.Error(err)
	}
	if stats := rec.Client().Stats(); stats.Delivered != 1 || stats.Queued != 0 {
		t.Errorf("stats after ForceFlush = %+v", stats)
	}
}

func TestSpansWithoutIDsAreLeftOut(t *testing.T) {
	rec := sentrialtest.New(t)
	rec.Allow(sentrialtest.LostEvents)
	export(t, otelbridge.NewExporter(rec.Client()), append(stubs(op("chat")), sdktrace.ReadOnlySpan(nil))...)
	if events := rec.Events(); len(events) > 0 {
		t.Errorf("events = %v", events)
	}
}
