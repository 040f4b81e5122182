package otlp

import "github.com/sentrial/sentrial-go/otelbridge/genai"

// Source is the program that spans are from, as its resource says.
type Source struct{ Service, Version, Environment, SDK, SDKVersion string }

// SourceOf reads a resource.
func SourceOf(resource []genai.Attribute) (s Source) {
	for _, a := range resource {
		text, _ := a.Value.(string)
		switch a.Key {
		case "service.name":
			s.Service = text
		case "service.version":
			s.Version = text
		case "deployment.environment.name":
			s.Environment = text
		case "deployment.environment":
			if s.Environment == "" {
				s.Environment = text
			}
		case "telemetry.sdk.language":
			s.SDK = "opentelemetry-" + text
		case "telemetry.sdk.version":
			s.SDKVersion = text
		}
	}
	return s
}
