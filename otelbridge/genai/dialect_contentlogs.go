package genai

// Instrumentations that follow the conventions on their spans and put what was said into log records only, where the spans are joined with them by their ids.
var _ = newDialect(dialect{
	name: "content in logs", rank: 21,
	scopes: []string{
		"@opentelemetry/instrumentation-openai", "opentelemetry.instrumentation.openai_v2", "opentelemetry.instrumentation.google_genai",
		"opentelemetry.instrumentation.botocore.bedrock-runtime", "@elastic/opentelemetry-instrumentation-openai", "io.opentelemetry.openai-java-*",
		"io.opentelemetry.aws-sdk-*", "Experimental.Microsoft.Extensions.AI",
	},
	contentInLogs: true,
})
