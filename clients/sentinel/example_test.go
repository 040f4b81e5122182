package sentinel_test

import (
	"context"
	"errors"
	"fmt"
	"log"
	"net/http/httptest"
	"strings"
	"time"

	"github.com/sentrial/sentrial-go/clients/sentinel"
	"github.com/sentrial/sentrial-go/clients/sentinel/sentineltest"
)

// Example uploads a document, waits until it is processed, and asks about it. In a session of package sentrial each call would be recorded.
func Example() {
	platform := sentineltest.New(sentineltest.WithAnswers(func(_ string, _ []sentineltest.Message, _ string) string { return "3 funds" }))
	server := httptest.NewServer(platform) // stands in for Sentinel
	defer server.Close()

	ctx := context.Background()
	client, err := sentinel.New(server.URL, sentinel.WithAccessToken(platform.Token()))
	if err != nil {
		log.Fatal(err)
	}
	doc, err := client.Documents.Upload(ctx, "cas.pdf", strings.NewReader("%PDF-1.7 ..."))
	if err != nil {
		log.Fatal(err)
	}
	progress, err := client.Documents.Wait(ctx, doc.ID, sentinel.PollEvery(50*time.Millisecond, time.Second))
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(doc.Name, progress.State)
	answer, err := client.Chat.Send(ctx, "session-1", "How many funds are in it?")
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(answer.Content)
	// Output:
	// cas.pdf completed
	// 3 funds
}

// Example_errors tells apart what there is to do.
func Example_errors() {
	platform := sentineltest.New()
	platform.Inject(sentineltest.Fault{Status: 429, RetryAfter: "7"}, sentineltest.Fault{Status: 403, Detail: "read only"}, sentineltest.Fault{Status: 400, Detail: "no PDF"})
	server := httptest.NewServer(platform)
	defer server.Close()
	client, err := sentinel.New(server.URL, sentinel.WithAccessToken(platform.Token()), sentinel.WithMaxRetries(0))
	if err != nil {
		log.Fatal(err)
	}
	for range 3 {
		_, err := client.Documents.Upload(context.Background(), "cas.pdf", strings.NewReader("content"))
		var limited *sentinel.RateLimitError
		var auth *sentinel.AuthError
		var failed *sentinel.APIError
		switch {
		case errors.As(err, &limited):
			fmt.Println("again in", limited.RetryAfter)
		case errors.As(err, &auth):
			fmt.Println("not allowed:", auth.Detail)
		case errors.As(err, &failed):
			fmt.Println(failed.Status, failed.Detail)
		}
	}
	// Output:
	// again in 7s
	// not allowed: read only
	// 400 no PDF
}
