package main

import (
	"bufio"
	"context"
	"io"
	"net/http"
	"strings"
	"testing"
)

// The server prints where it is, says that it is no model, answers, and ends when it is told to.
func TestServe(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	out, in := io.Pipe()
	ended := make(chan error, 1)
	go func() {
		err := serve(ctx, "127.0.0.1:0", in)
		_ = in.Close()
		ended <- err
	}()
	vars := printed(t, out)
	for _, name := range []string{"OPENAI_BASE_URL", "ANTHROPIC_BASE_URL", "GOOGLE_GEMINI_BASE_URL", "OLLAMA_HOST"} {
		if !strings.HasPrefix(vars[name], "http://127.0.0.1:") {
			t.Errorf("%s is %q", name, vars[name])
		}
	}
	body := `{"model":"m","messages":[{"role":"user","content":"Why is the sky blue?"}]}`
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, vars["OPENAI_BASE_URL"]+"/chat/completions", strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	res, err := http.DefaultClient.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	answer, err := io.ReadAll(res.Body)
	_ = res.Body.Close()
	if err != nil || !strings.Contains(string(answer), "This is no model") || !strings.Contains(string(answer), "Why is the sky blue?") {
		t.Errorf("the server answered %s, %v", answer, err)
	}
	cancel()
	if err := <-ended; err != nil {
		t.Errorf("the server ended with %v", err)
	}
}

// An address that is taken is an error.
func TestServeNowhere(t *testing.T) {
	if err := serve(t.Context(), "127.0.0.1:-1", io.Discard); err == nil {
		t.Error("the server listens on a port that there is not")
	}
}

// printed reads the variables up to the last line.
func printed(t *testing.T, out io.Reader) map[string]string {
	t.Helper()
	vars := map[string]string{}
	lines := bufio.NewScanner(out)
	for lines.Scan() && !strings.HasPrefix(lines.Text(), "# Ctrl-C") {
		if assignment, ok := strings.CutPrefix(lines.Text(), "export "); ok {
			name, value, _ := strings.Cut(assignment, "=")
			vars[name] = value
		}
	}
	if err := lines.Err(); err != nil {
		t.Fatal(err)
	}
	return vars
}
