//go:build node

package e2e_test

import (
	"os"
	"os/exec"
	"strings"
	"testing"
)

// nodeEnv is a folder with e2e/node and what it needs, as `make test-node` prepares it.
const nodeEnv = "SENTRIAL_E2E_NODE"

// agentInNode runs an agent that OpenTelemetry's SDK for Node watches.
func agentInNode(t *testing.T, env ...string) error {
	t.Helper()
	cmd := exec.CommandContext(t.Context(), "node", "agent.mjs")
	cmd.Dir = os.Getenv(nodeEnv)
	cmd.Env = append(os.Environ(), append([]string{"OTEL_SERVICE_NAME=weather", "OTEL_METRICS_EXPORTER=none"}, env...)...)
	out, err := cmd.CombinedOutput()
	if len(out) > 0 {
		t.Logf("%s", out)
	}
	return err
}

// TestOTLPFromNode: the endpoint is all that the SDK has to know, whatever protocol it is set to.
func TestOTLPFromNode(t *testing.T) {
	for name, env := range map[string]func(*testing.T, *otlpServer) []string{
		"the endpoint alone": func(_ *testing.T, s *otlpServer) []string {
			return []string{"OTEL_EXPORTER_OTLP_ENDPOINT=http://" + s.web}
		},
		"gzip, main address": func(t *testing.T, s *otlpServer) []string {
			return []string{"OTEL_EXPORTER_OTLP_ENDPOINT=" + s.url, "OTEL_EXPORTER_OTLP_COMPRESSION=gzip"}
		},
		"http/json": func(t *testing.T, s *otlpServer) []string {
			return []string{"OTEL_EXPORTER_OTLP_ENDPOINT=http://" + s.web, "OTEL_EXPORTER_OTLP_PROTOCOL=http/json"}
		},
		"grpc": func(t *testing.T, s *otlpServer) []string {
			return []string{"OTEL_EXPORTER_OTLP_ENDPOINT=http://" + s.rpc, "OTEL_EXPORTER_OTLP_PROTOCOL=grpc"}
		},
		"logs": func(t *testing.T, s *otlpServer) []string {
			return []string{"OTEL_EXPORTER_OTLP_ENDPOINT=http://" + s.web, "OTEL_LOGS_EXPORTER=otlp", "CONTENT=logs"}
		},
		"a key": func(t *testing.T, s *otlpServer) []string {
			key := makeKey(t, s)
			s.events = follow(t, s.url, key)
			return []string{"OTEL_EXPORTER_OTLP_ENDPOINT=http://" + s.web, "OTEL_EXPORTER_OTLP_HEADERS=Authorization=Bearer " + key}
		},
	} {
		t.Run(name, func(t *testing.T) {
			s := serveOTLP(t)
			if err := agentInNode(t, env(t, s)...); err != nil {
				t.Fatal(err)
			}
			all := s.wantRun()
			var text strings.Builder
			for _, e := range of(all, "llm_call") {
				text.Write(e.Messages)
			}
			if !strings.Contains(text.String(), "what is the weather") {
				t.Errorf("the question is not there: %+v", all)
			}
		})
	}
}
