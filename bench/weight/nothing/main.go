// A program that uses what every SDK uses: net/http and encoding/json.
package main

import (
	"bytes"
	"context"
	"encoding/json"
	"net/http"
	"os"
)

func main() {
	if len(os.Args) < 2 { // what counts is what was linked and what ran before main
		return
	}
	b, err := json.Marshal(map[string]any{"event": "hello"})
	if err != nil {
		panic(err)
	}
	req, err := http.NewRequestWithContext(context.Background(), http.MethodPost, os.Args[1], bytes.NewReader(b))
	if err != nil {
		panic(err)
	}
	res, err := http.DefaultClient.Do(req)
	if err != nil {
		panic(err)
	}
	defer res.Body.Close()
}
