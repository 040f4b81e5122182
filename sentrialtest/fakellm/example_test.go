package fakellm_test

import (
	"fmt"
	"io"
	"net/http"
	"strings"

	"github.com/sentrial/sentrial-go/sentrialtest/fakellm"
)

// The server fails first, and answers the same request the second time.
func Example() {
	llm, err := fakellm.Start(fakellm.WithBrain(func(req fakellm.Request) fakellm.Reply {
		if req.Attempt == 1 {
			return fakellm.Reply{Status: http.StatusServiceUnavailable, Error: "Overloaded.", Header: http.Header{"Retry-After": {"1"}}}
		}
		return fakellm.Reply{Text: "It rains in Zürich."}
	}))
	if err != nil {
		fmt.Println(err)
		return
	}
	defer llm.Close()
	for range 2 {
		question := strings.NewReader(`{"model": "llama3.2", "stream": true, "messages": [{"role": "user", "content": "Does it rain?"}]}`)
		res, err := http.Post(llm.URL()+"/api/chat", "application/json", question)
		if err != nil {
			fmt.Println(err)
			return
		}
		body, _ := io.ReadAll(res.Body)
		_ = res.Body.Close()
		fmt.Println(res.Status, res.Header.Get("Retry-After"), strings.Contains(string(body), "Zürich"))
	}
	// Output:
	// 503 Service Unavailable 1 false
	// 200 OK  true
}
