package hivium_test

import (
	"context"
	"errors"
	"fmt"
	"log"
	"net/http/httptest"

	"github.com/sentrial/sentrial-go/clients/hivium"
	"github.com/sentrial/sentrial-go/clients/hivium/hiviumtest"
)

// An agent makes a contact and writes to it, by the one channel that the contact agreed to.
func Example() {
	h := hiviumtest.New()
	server := httptest.NewServer(h) // in a program: leave WithBaseURL out
	defer server.Close()

	ctx := context.Background()
	client, err := hivium.New(h.APIKey(), hivium.WithBaseURL(server.URL))
	if err != nil {
		log.Fatal(err)
	}
	carla, err := client.Contacts.Create(ctx, hivium.CreateContact{
		FirstName: "Carla", Email: "carla@example.com", Consent: hivium.Consent{hivium.ChannelEmail: true},
	}, hivium.WithIdempotencyKey("lead-3f4c"))
	if err != nil {
		log.Fatal(err)
	}
	for _, channel := range []hivium.Channel{hivium.ChannelEmail, hivium.ChannelWhatsApp} {
		sent, err := client.Messages.Send(ctx, hivium.SendMessage{ContactID: carla.ID, Channel: channel, Text: "Hello Carla"})
		switch {
		case errors.Is(err, hivium.ErrConsentMissing):
			fmt.Println(channel, "is not allowed")
		case err != nil:
			log.Fatal(err)
		default:
			fmt.Println(channel, "is", sent.Status)
		}
	}
	client.CloseIdleConnections()
	// Output:
	// email is queued
	// whatsapp is not allowed
}

// An iterator fetches the next page when it is needed.
func ExampleContacts_All() {
	h := hiviumtest.New()
	server := httptest.NewServer(h)
	defer server.Close()

	ctx := context.Background()
	client, err := hivium.New(h.APIKey(), hivium.WithBaseURL(server.URL))
	if err != nil {
		log.Fatal(err)
	}
	for _, name := range []string{"Ada", "Bob", "Carla"} {
		if _, err := client.Contacts.Create(ctx, hivium.CreateContact{FirstName: name, Phone: "+15551234567", Tags: []string{"lead"}}); err != nil {
			log.Fatal(err)
		}
	}
	for contact, err := range client.Contacts.All(ctx, hivium.ListContacts{Tag: "lead", PageOptions: hivium.PageOptions{Limit: 2}}) {
		if err != nil {
			log.Fatal(err)
		}
		fmt.Println(contact.FirstName)
	}
	client.CloseIdleConnections()
	// Output:
	// Ada
	// Bob
	// Carla
}
