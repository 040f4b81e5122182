package faultsink_test

import (
	"context"
	"fmt"
	"net/http"
	"strings"

	"github.com/sentrial/sentrial-go/internal/faultsink"
)

func Example() {
	sink := faultsink.New(faultsink.Sequence(faultsink.Status(503), faultsink.LoseReply))
	server, err := faultsink.Serve(sink)
	if err != nil {
		fmt.Println(err)
		return
	}
	defer server.Close()
	client := server.Client()
	defer client.CloseIdleConnections()
	for attempt := 1; ; attempt++ {
		body := strings.NewReader(`{"events":[{"id":"evt_1","type":"step","session_id":"sess_1","seq":1}]}`)
		req, err := http.NewRequestWithContext(context.Background(), http.MethodPost, server.URL()+"/v1/events", body)
		if err != nil {
			fmt.Println(err)
			return
		}
		req.Header.Set("Content-Type", "application/json")
		if reply, err := client.Do(req); err != nil {
			fmt.Println("no reply")
		} else {
			fmt.Println(reply.StatusCode)
			_ = reply.Body.Close()
			if reply.StatusCode == http.StatusOK {
				break
			}
		}
	}
	report := sink.Report()
	fmt.Println("requests", len(report.Requests), "stored", report.Unique(), "duplicates", report.Duplicates)
	fmt.Println(report.Check([]string{"evt_1", "evt_2"}))
	// Output:
	// 503
	// no reply
	// 200
	// requests 3 stored 1 duplicates 1
	// 1 events lost, want 0: [evt_2]
}
