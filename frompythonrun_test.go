package sentrial_test

import (
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"reflect"
	"strings"
	"testing"
)

// recordedBy is the type of the event that a Python method stands for.
var recordedBy = map[string]string{
	"create_session": "session_start", "close_session": "session_end", "track_tool_call": "tool_call", "track_decision": "decision",
	"track_llm_call": "llm_call", "track_error": "error",
}

// movedFields are the parameters whose value does not stand under their own name.
var movedFields = map[string]string{"create_session metadata.user_id": "user_id"}

// pageClaims is what the Go blocks record beyond the calls that stand beside them in Python: the last event of the type has the value at the path.
var pageClaims = map[string][]struct{ eventType, path, value string }{
	"`SentrialCallbackHandler`": {
		{"session_end", "status", `"error"`},
		{"session_start", "name", `"Help the customer"`},
		{"step", "name", `"executor"`},
		{"step", "kind", `"chain"`},
		{"llm_call", "prompt", `"Where is my order?"`},
		{"llm_call", "response", `"Look into the orders."`},
		{"llm_call", "prompt_tokens", `100`},
		{"decision", "reasoning", `"Look into the orders."`},
		{"tool_call", "tool_input", `"user_123"`},
		{"tool_call", "tool_output", `["A-17"]`},
		{"tool_call", "status", `"error"`},
		{"tool_call", "error", `"carrier: no answer"`},
	},
	"Idioms": {
		{"error", "error_type", `"TimeoutError"`},
		{"error", "error_message", `"carrier: no answer"`},
		{"error", "recoverable", `true`},
		{"error", "recovery_action", `"use the cache"`},
		{"session_end", "status", `"success"`},
		{"session_end", "summary", `"The order arrives on Friday"`},
		{"tool_call", "tool_name", `"find_order"`},
		{"tool_call", "tool_input", `"user_123"`},
	},
}

// TestPythonPageRuns compiles all Go blocks of docs/from-python.md and runs them, one process each. Where a Python call stands above, each of its parameters has to
// come out of the Go call with the value that it has in Python. The block of SentrialClient is compiled only: it names the hosted API.
func TestPythonPageRuns(t *testing.T) {
	sections := pythonPage(t)
	program := buildPythonPage(t, sections)
	compared, claims, n := 0, 0, 0
	for _, s := range sections {
		first := n
		n += len(goBlocks(s.text))
		if s.heading == "`SentrialClient`" || n == first {
			continue
		}
		t.Run(strings.Trim(s.heading, "`"), func(t *testing.T) {
			server := newPageServer(t)
			for block := first; block < n; block++ {
				server.run(t, program, block)
			}
			if s.heading == "Sessions" && !strings.Contains(server.printed, printedSession) {
				t.Errorf("the block prints %q, want %q in it", server.printed, printedSession)
			}
			compared += server.comparePython(t, s.text)
			for _, claim := range pageClaims[s.heading] {
				server.want(t, claim.eventType, claim.path, claim.value)
				claims++
			}
		})
	}
	if compared < 25 || claims < 20 {
		t.Errorf("%d values of Python parameters and %d claims were compared, want 25 and 20 at least: was a heading changed?", compared, claims)
	}
}

// pageImports is what the blocks may use.
const pageImports = `package main

import (
	"context"
	"fmt"
	"log"
	"time"

	"github.com/sentrial/sentrial-go"
	"github.com/sentrial/sentrial-go/types"
)

var _ = []any{context.Background, fmt.Print, log.Print, time.Now, sentrial.New, types.Step{}}
`

// buildPythonPage makes a program of the page: testdata/frompython, with the blocks beside it for the compiler only.
func buildPythonPage(t *testing.T, sections []pageSection) (program string) {
	t.Helper()
	source := pageImports
	var names []string
	for _, s := range sections {
		for _, block := range goBlocks(s.text) {
			names = append(names, fmt.Sprintf("block%d", len(names)))
			source += function(t, names[len(names)-1], block)
		}
	}
	source += "var blocks = []func(){" + strings.Join(names, ", ") + "}\n"
	dir := t.TempDir()
	program = filepath.Join(dir, "page.exe") // the suffix is for Windows and harms nobody else
	build := exec.CommandContext(t.Context(), "go", "build", "-overlay", overlayFile(t, dir, "testdata/frompython/blocks.go", source), "-o", program, "./testdata/frompython")
	if out, err := build.CombinedOutput(); err != nil {
		t.Fatalf("the Go blocks of docs/from-python.md do not compile: %v\n%s", err, out)
	}
	return program
}

// function makes one of the statements of a block.
func function(t *testing.T, name, block string) string {
	_, body, isStatements := strings.Cut(document{}.program(block), "\nfunc _() {\n")
	if !isStatements {
		t.Fatalf("docs/from-python.md: only blocks of statements can be run:\n%s", block)
	}
	return "\nfunc " + name + "() {\n" + body
}

// overlayFile tells the go command that there is a file of that name and content.
func overlayFile(t *testing.T, dir, name, content string) string {
	t.Helper()
	root, err := os.Getwd()
	if err != nil {
		t.Fatal(err)
	}
	source := filepath.Join(dir, "content.go")
	overlay, err := json.Marshal(map[string]any{"Replace": map[string]string{filepath.Join(root, filepath.FromSlash(name)): source}})
	if err != nil {
		t.Fatal(err)
	}
	file := filepath.Join(dir, "overlay.json")
	for name, content := range map[string][]byte{source: []byte(content), file: overlay} {
		if err := os.WriteFile(name, content, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return file
}

// comparePython holds the events against the Python calls of a section, and tells how many values it compared.
func (s *pageServer) comparePython(t *testing.T, section string) (compared int) {
	t.Helper()
	known := namesOf(t, "testdata/python-sdk.txt")
	for method, literals := range pythonCalls(section) {
		eventType := recordedBy[method]
		if eventType == "" {
			continue // get_session, or a method of the Go client
		}
		event := s.last(t, eventType)
		for _, name := range known[method].takes {
			if name == "session_id" {
				continue // a variable
			}
			value, ok := pythonValue(literals[name])
			if !ok {
				t.Errorf("%s: the value of %s cannot be compared: %s", method, name, literals[name])
			}
			leaves(name, value, func(path string, want any) {
				compared++
				if moved := movedFields[method+" "+path]; moved != "" {
					path = moved
				}
				if got := atPath(event, path); !reflect.DeepEqual(got, want) {
					t.Errorf("%s(%s) says %v in Python; %s of the %s that Go records is %v", method, name, want, path, eventType, got)
				}
			})
		}
	}
	return compared
}
