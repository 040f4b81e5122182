module github.com/sentrial/sentrial-go/integrations/httpclients

go 1.26.0

require (
	github.com/sashabaranov/go-openai v1.43.0
	github.com/sentrial/sentrial-go v0.0.0
)

require (
	github.com/cenkalti/backoff/v4 v4.3.0 // indirect
	github.com/klauspost/compress v1.20.3 // indirect
	go.opentelemetry.io/otel v1.38.0 // indirect
	go.opentelemetry.io/otel/trace v1.38.0 // indirect
)
