package sentrial_test

import (
	"context"
	"errors"
	"log"

	"github.com/sentrial/sentrial-go"
	"github.com/sentrial/sentrial-go/types"
)

// What is said inside one step stays in the process: its events have their names, times and outcomes, and no content. The rest of the session is recorded in full.
func ExampleWithContent() {
	server := startServer()
	defer server.Close()
	ctx := context.Background()
	client, err := sentrial.New(sentrial.WithAPIURL(server.URL))
	if err != nil {
		log.Fatal(err)
	}

	readRecord := func(_ context.Context, patient string) (string, error) { return "the record of " + patient, nil }
	book := func(_ context.Context, day string) (string, error) { return day + " 9:30", nil }
	err = client.Run(ctx, "book an appointment", func(ctx context.Context) error {
		err := sentrial.Step(ctx, "consult the records", func(ctx context.Context) error {
			_, err := sentrial.Tool(ctx, "read_record", "Ada", readRecord)
			sentrial.Decide(ctx, types.Decision{Reasoning: "it is urgent", Chosen: "tomorrow"})
			return err
		}, sentrial.WithContent(sentrial.ContentMetadata))
		if err != nil {
			return err
		}
		_, err = sentrial.Tool(ctx, "book", "tomorrow", book)
		return err
	})
	if err := errors.Join(err, client.Close(ctx)); err != nil {
		log.Fatal(err)
	}

	server.printEvents()
	// Output:
	// session_start book an appointment
	// step consult the records success
	//   tool_call read_record(<nil>) = <nil> success
	//   decision
	// tool_call book(tomorrow) = tomorrow 9:30 success
	// session_end - success
}
