package main

import (
	"context"
	"encoding/json"
	"os"
	"path/filepath"
)

// tools work on the current directory and nowhere else.
var tools = map[string]func(context.Context, json.RawMessage) (string, error){
	"list_files": listFiles,
	"read_file":  readFile,
}

const definitions = `[
{"type":"function","function":{"name":"read_file","description":"Reads a file.",
 "parameters":{"type":"object","properties":{"path":{"type":"string"}},"required":["path"]}}},
{"type":"function","function":{"name":"list_files","description":"Lists the files whose names match a pattern.",
 "parameters":{"type":"object","properties":{"pattern":{"type":"string","description":"glob, such as *.go"}},"required":["pattern"]}}}]`

func listFiles(_ context.Context, args json.RawMessage) (string, error) {
	var in struct{ Pattern string }
	if err := json.Unmarshal(args, &in); err != nil {
		return "", err
	}
	names, err := filepath.Glob(filepath.Base(in.Pattern)) // of this directory alone
	if err != nil {
		return "", err
	}
	text, err := json.Marshal(names)
	return string(text), err
}

func readFile(_ context.Context, args json.RawMessage) (string, error) {
	var in struct{ Path string }
	if err := json.Unmarshal(args, &in); err != nil {
		return "", err
	}
	root, err := os.OpenRoot(".")
	if err != nil {
		return "", err
	}
	defer root.Close()
	text, err := root.ReadFile(in.Path)
	return string(text[:min(len(text), 10_000)]), err
}
