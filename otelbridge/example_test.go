package otelbridge_test

import (
	"context"
	"log"

	"go.opentelemetry.io/otel"
	sdktrace "go.opentelemetry.io/otel/sdk/trace"

	sentrial "github.com/sentrial/sentrial-go"
	"github.com/sentrial/sentrial-go/otelbridge"
)

// An agent whose frameworks emit GenAI spans is recorded as it is. The provider is shut down before the client is closed, as it still holds spans.
func Example() {
	ctx := context.Background()
	client, err := sentrial.New()
	if err != nil {
		log.Fatal(err)
	}
	defer client.Close(ctx)

	tp := sdktrace.NewTracerProvider(sdktrace.WithBatcher(otelbridge.NewExporter(client)))
	defer tp.Shutdown(ctx)
	otel.SetTracerProvider(tp)
}
