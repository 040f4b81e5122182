package sentrial_test

import (
	"context"
	"errors"
	"fmt"
	"log"

	"github.com/sentrial/sentrial-go"
)

// WrapTool gives a function that is called as before. An error of the tool is part of its record; that the agent survived it is for ReportError to say.
func ExampleWrapTool() {
	server := startServer()
	defer server.Close()
	ctx := context.Background()
	client, err := sentrial.New(sentrial.WithAPIURL(server.URL))
	if err != nil {
		log.Fatal(err)
	}

	weather := sentrial.WrapTool("weather", func(_ context.Context, city string) (string, error) {
		if city != "Oslo" {
			return "", errors.New("no such city")
		}
		return "rain", nil
	})
	err = client.Run(ctx, "weather agent", func(ctx context.Context) error {
		answer, err := weather(ctx, "Osla")
		if err != nil {
			sentrial.ReportError(ctx, err, sentrial.Recoverable("correct the spelling"))
			answer, err = weather(ctx, "Oslo")
		}
		fmt.Println("Oslo:", answer)
		return err
	})
	if err := errors.Join(err, client.Close(ctx)); err != nil {
		log.Fatal(err)
	}

	server.printEvents()
	// Output:
	// Oslo: rain
	// session_start weather agent
	// tool_call weather(Osla) = <nil> error
	// error "no such city"
	// tool_call weather(Oslo) = rain success
	// session_end - success
}
