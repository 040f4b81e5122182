package tools_test

import (
	"encoding/json"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/sentrial/sentrial-go/server/demo/tools"
)

// tree is a directory with the given files, opened as a Set.
func tree(t *testing.T, files map[string]string) (*tools.Set, string) {
	t.Helper()
	dir := t.TempDir()
	for name, text := range files {
		write(t, filepath.Join(dir, filepath.FromSlash(name)), text)
	}
	set, err := tools.Open(dir)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = set.Close() })
	return set, dir
}

func write(t *testing.T, name, text string) {
	t.Helper()
	if err := os.MkdirAll(filepath.Dir(name), 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(name, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
}

// call runs a tool that must succeed and returns its result as the model sees it.
func call[Out any](t *testing.T, set *tools.Set, name, args string) Out {
	t.Helper()
	result, err := set.Call(t.Context(), name, json.RawMessage(args))
	if err != nil {
		t.Fatalf("%s %s: %v", name, args, err)
	}
	text, err := json.Marshal(result)
	if err != nil {
		t.Fatal(err)
	}
	var out Out
	if err := json.Unmarshal(text, &out); err != nil {
		t.Fatal(err)
	}
	return out
}

// refuse runs a tool that must fail and returns its error.
func refuse(t *testing.T, set *tools.Set, name, args string) error {
	t.Helper()
	result, err := set.Call(t.Context(), name, json.RawMessage(args))
	if err == nil {
		t.Fatalf("%s %s gave %+v, want an error", name, args, result)
	}
	return err
}

func TestListCountsAllAndShowsTheFirst(t *testing.T) {
	set, _ := tree(t, map[string]string{"a.go": "1", "sub/b.go": "22", "sub/c.txt": "333", ".git/d.go": "4444", "sub/.hidden.go": "5"})
	got := call[tools.Listing](t, set, "list_files", `{"pattern":"*.go","limit":1}`)
	if got.Count != 2 || got.TotalBytes != 3 || len(got.Files) != 1 || got.Files[0] != (tools.File{Path: "a.go", Size: 1}) {
		t.Errorf("got %+v, want two .go files of 3 bytes, a.go shown", got)
	}
}

func TestListByPathAndBySize(t *testing.T) {
	set, _ := tree(t, map[string]string{"a.go": "1", "sub/b.go": "22", "sub/c.txt": "333"})
	if got := call[tools.Listing](t, set, "list_files", `{"pattern":"sub/*.go"}`); got.Count != 1 || got.Files[0].Path != "sub/b.go" {
		t.Errorf("by path: got %+v, want sub/b.go", got)
	}
	if got := call[tools.Listing](t, set, "list_files", `{"dir":"sub","sort":"size"}`); got.Count != 2 || got.Files[0].Path != "sub/c.txt" {
		t.Errorf("by size: got %+v, want sub/c.txt first of 2", got)
	}
}

func TestSearchFindsTextAndExpressions(t *testing.T) {
	set, _ := tree(t, map[string]string{"a.go": "func A() {}\n// A.B\n", "b.md": "A.B\nAxB\n", "c.bin": "A.B\x00"})
	got := call[tools.Matches](t, set, "search_files", `{"query":"A.B"}`)
	if got.Total != 2 || got.InFiles != 2 || got.Skipped != 1 || got.Matches[0] != (tools.Match{Path: "a.go", Line: 2, Text: "// A.B"}) {
		t.Errorf("text: got %+v, want a.go:2 and b.md:1, c.bin skipped", got)
	}
	got = call[tools.Matches](t, set, "search_files", `{"query":"^A.B$","regex":true,"pattern":"*.md","limit":1}`)
	if got.Total != 2 || len(got.Matches) != 1 {
		t.Errorf("expression: got %+v, want 2 lines of which 1 is shown", got)
	}
}

func TestSearchIsBounded(t *testing.T) {
	set, _ := tree(t, map[string]string{"big.txt": strings.Repeat("x", 1<<20+1), "long.txt": strings.Repeat("é", 5000)})
	got := call[tools.Matches](t, set, "search_files", `{"query":"é"}`)
	if got.Total != 1 || got.Skipped != 1 || len(got.Matches[0].Text) > 210 || !strings.HasSuffix(got.Matches[0].Text, "é…") {
		t.Errorf("got %+v, want one shortened line and the file above 1 MiB skipped", got)
	}
}

func TestReadShowsTheLinesAskedFor(t *testing.T) {
	set, _ := tree(t, map[string]string{"dir/f.txt": "one\ntwo\nthree\nfour"})
	got := call[tools.Content](t, set, "read_file", `{"path":"dir/f.txt","start_line":2,"max_lines":2}`)
	want := tools.Content{Path: "dir/f.txt", Size: 18, Lines: 4, StartLine: 2, Content: "two\nthree\n", Truncated: true}
	if got != want {
		t.Errorf("got %+v, want %+v", got, want)
	}
	if got := call[tools.Content](t, set, "read_file", `{"path":"dir/f.txt"}`); got.Truncated || got.Content != "one\ntwo\nthree\nfour" {
		t.Errorf("whole file: got %+v", got)
	}
}

func TestReadIsBounded(t *testing.T) {
	set, _ := tree(t, map[string]string{"lines.txt": strings.Repeat("0123456789\n", 10_000), "line.txt": strings.Repeat("x", 1<<20)})
	got := call[tools.Content](t, set, "read_file", `{"path":"lines.txt","max_lines":1000000}`)
	if got.Lines != 10_000 || !got.Truncated || strings.Count(got.Content, "\n") != 500 {
		t.Errorf("got %d lines, %d shown, truncated %v; want 10000, 500, true", got.Lines, strings.Count(got.Content, "\n"), got.Truncated)
	}
	if got := call[tools.Content](t, set, "read_file", `{"path":"line.txt"}`); len(got.Content) > 33<<10 || !got.Truncated {
		t.Errorf("one long line: %d bytes shown, truncated %v; want at most 32 KiB, true", len(got.Content), got.Truncated)
	}
}

func TestReadOfAMissingFileIsThePathError(t *testing.T) {
	set, _ := tree(t, nil)
	err := refuse(t, set, "read_file", `{"path":"docs/ARCHITECTURE.md"}`)
	var pathErr *fs.PathError
	if !errors.As(err, &pathErr) || !errors.Is(err, fs.ErrNotExist) || pathErr.Path != "docs/ARCHITECTURE.md" {
		t.Errorf("got %#v, want a *fs.PathError of docs/ARCHITECTURE.md that is fs.ErrNotExist", err)
	}
}

func TestNothingOutsideTheDirectoryIsReached(t *testing.T) {
	set, dir := tree(t, map[string]string{"in/f.txt": "in", ".env": "secret"})
	outside := filepath.Join(t.TempDir(), "outside.txt")
	write(t, outside, "secret")
	for link, target := range map[string]string{"link.txt": outside, "linked": filepath.Dir(outside)} {
		if err := os.Symlink(target, filepath.Join(dir, link)); err != nil {
			t.Fatal(err)
		}
	}
	for _, name := range []string{"../" + filepath.Base(filepath.Dir(outside)) + "/outside.txt", outside, "link.txt", "linked/outside.txt", "in/../../x", ".env", "in/../.env", ""} {
		args, _ := json.Marshal(map[string]string{"path": name})
		_ = refuse(t, set, "read_file", string(args))
	}
	for _, args := range []string{`{"dir":".."}`, `{"dir":"/"}`, `{"dir":"nowhere"}`, `{"dir":"linked/.."}`, `{"dir":"../.."}`} {
		if got, err := set.Call(t.Context(), "list_files", json.RawMessage(args)); err == nil && strings.Contains(string(must(json.Marshal(got))), "outside") {
			t.Errorf("list_files %s reached outside: %+v", args, got)
		}
	}
	if got := call[tools.Matches](t, set, "search_files", `{"query":"secret"}`); got.Total != 0 {
		t.Errorf("search reached outside or into a hidden file: %+v", got)
	}
}

func must(text []byte, _ error) []byte { return text }

func TestDirectoriesAndBinariesAreNoText(t *testing.T) {
	set, _ := tree(t, map[string]string{"dir/f.bin": "a\x00b"})
	for _, name := range []string{"dir", "dir/f.bin"} {
		if err := refuse(t, set, "read_file", `{"path":"`+name+`"}`); !errors.Is(err, tools.ErrNotText) {
			t.Errorf("%s: got %v, want ErrNotText", name, err)
		}
	}
}

func TestArgumentsAreChecked(t *testing.T) {
	set, _ := tree(t, nil)
	for name, args := range map[string]string{
		"read_file":    `{"file":"x"}`,
		"list_files":   `{"sort":"age"}`,
		"search_files": `{"query":"(","regex":true}`,
		"calculate":    `["1+1"]`,
	} {
		_ = refuse(t, set, name, args)
	}
	for _, args := range []string{``, `{`, `{} {}`, `null1`, `{"query":""}`, `{"query":"` + strings.Repeat("x", 501) + `"}`, `{"query":"a","pattern":"["}`} {
		_ = refuse(t, set, "search_files", args)
	}
	if err := refuse(t, set, "delete_file", `{}`); !errors.Is(err, tools.ErrUnknownTool) {
		t.Errorf("got %v, want ErrUnknownTool", err)
	}
}

func TestDefinitionsAreJSONSchemas(t *testing.T) {
	set, _ := tree(t, nil)
	var names []string
	for _, def := range set.Definitions() {
		var schema struct{ Type string }
		if err := json.Unmarshal(def.Function.Parameters, &schema); err != nil || schema.Type != "object" {
			t.Errorf("%s: schema %s: %v", def.Function.Name, def.Function.Parameters, err)
		}
		names = append(names, def.Function.Name)
	}
	if got := strings.Join(names, " "); got != "list_files search_files read_file calculate" {
		t.Errorf("tools are %q", got)
	}
}

func FuzzCall(f *testing.F) {
	for _, name := range []string{"list_files", "search_files", "read_file"} {
		f.Add(name, `{"path":"a.txt"}`)
		f.Add(name, `{"dir":"../..","pattern":"[a-"}`)
		f.Add(name, `{"query":"(a+)+$","regex":true}`)
	}
	dir := f.TempDir()
	if err := os.WriteFile(filepath.Join(dir, "a.txt"), []byte("aaaa\n"), 0o600); err != nil {
		f.Fatal(err)
	}
	set, err := tools.Open(dir)
	if err != nil {
		f.Fatal(err)
	}
	defer set.Close()
	f.Fuzz(func(t *testing.T, name, args string) {
		result, err := set.Call(t.Context(), name, json.RawMessage(args))
		if err != nil {
			return
		}
		if _, err := json.Marshal(result); err != nil {
			t.Errorf("%s %s: the result cannot be told to the model: %v", name, args, err)
		}
	})
}
