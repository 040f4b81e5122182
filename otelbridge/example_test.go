package otelbridge_test

import (
	"context"
	"log"

	"go.opentelemetry.io/otel"
	sdktrace "go.opentelemetry.io/otel/sdk/trace"

	sentrial "github.com/sentrial/sentrial-go"
	"github.com/sentrial/sentrial-go/otelbridge"
)

// An agent whose frameworks emit GenAI spans is recorded as it is. The provider is shut down before the client is closed.
func Example() {
	ctx := context.Background()
	client, err := sentrial.New()
	if err != nil {
		log.Fatal(err)
	}
	defer client.Close(ctx)

	tp := sdktrace.NewTracerProvider(sdktrace.WithSpanProcessor(otelbridge.NewSpanProcessor(client)))
	defer tp.Shutdown(ctx)
	otel.SetTracerProvider(tp)
}

// Behind a batch processor. Its queue is longer than by default, as it loses spans when that is full.
func ExampleNewExporter() {
	ctx := context.Background()
	client, err := sentrial.New()
	if err != nil {
		log.Fatal(err)
	}
	defer client.Close(ctx)

	exporter := otelbridge.NewExporter(client, otelbridge.WithSessionKeys("app.conversation"))
	tp := sdktrace.NewTracerProvider(sdktrace.WithBatcher(exporter, sdktrace.WithMaxQueueSize(1<<14)))
	defer tp.Shutdown(ctx)
	otel.SetTracerProvider(tp)
}
