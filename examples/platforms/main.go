// Command platforms is an agent that acts through three platforms: it proves who it is to AgentIdP, has Sentinel read a document and asks about it, looks a customer up at
// Hivium and sends an answer. It is one session, whose timeline shows each call.
//
//	SENTRIAL_API_URL=http://127.0.0.1:7437 go run ./examples/platforms [FILE]
//
// AGENTIDP_URL, AGENTIDP_CLIENT_ID and AGENTIDP_CLIENT_SECRET, SENTINEL_URL, HIVIUM_API_KEY, and CUSTOMER, an email address, name real ones. Where one is missing, a stand-in
// in this process takes its place.
package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"log"
	"os"
	"strings"
	"time"

	"github.com/sentrial/sentrial-go"
	"github.com/sentrial/sentrial-go/clients/hivium"
	"github.com/sentrial/sentrial-go/clients/sentinel"
	"github.com/sentrial/sentrial-go/types"
)

func main() {
	ctx := context.Background()
	p, err := open()
	if err != nil {
		log.Fatal(err)
	}
	defer p.close()
	file := strings.Join(os.Args[1:], " ")
	client, err := sentrial.New()
	if err != nil {
		log.Fatal(err)
	}
	err = client.Run(ctx, "answer the customer", func(ctx context.Context) error { return answer(ctx, p, file) }, sentrial.WithAgentName("document-agent"))
	if err := errors.Join(err, client.Close(ctx)); err != nil {
		log.Fatal(err)
	}
}

// answer asks about the document and tells the customer.
func answer(ctx context.Context, p *platforms, file string) error {
	self, err := p.identity.Agents.Get(ctx, p.identity.ClientID()) // the first call fetches a token
	if err != nil {
		return err
	}
	doc, err := upload(ctx, p.reader, file)
	if err != nil {
		return err
	}
	if _, err := p.reader.Documents.Wait(ctx, doc.ID, sentinel.PollEvery(50*time.Millisecond, 5*time.Second)); err != nil {
		return err
	}
	reply, err := p.reader.Chat.Send(ctx, doc.ID, "Say in a sentence what is in "+doc.Name)
	if err != nil {
		return err
	}
	fmt.Printf("%s asked about %s: %s\n", self.AgentID, doc.Name, reply.Content)
	sentrial.SessionFromContext(ctx).SetResult(types.SessionResult{Output: reply.Content})
	return tell(ctx, p.customers, reply.Content)
}

// upload sends the file; "" is a few words.
func upload(ctx context.Context, reader *sentinel.Client, file string) (*sentinel.Document, error) {
	if file == "" {
		return reader.Documents.Upload(ctx, "statement.txt", strings.NewReader("Three funds, all of them green."))
	}
	return reader.Documents.UploadFile(ctx, file)
}

// tell sends the customer an email, if there is one and there is consent.
func tell(ctx context.Context, customers *hivium.Client, text string) error {
	contact, err := lookUp(ctx, customers, cmp.Or(os.Getenv("CUSTOMER"), standInCustomer))
	if err != nil {
		return err
	}
	sent, err := customers.Messages.Send(ctx, hivium.SendMessage{ContactID: contact.ID, Channel: hivium.ChannelEmail, Text: text})
	if errors.Is(err, hivium.ErrConsentMissing) {
		sentrial.Decide(ctx, types.Decision{Chosen: "send nothing", Reasoning: "the customer has not agreed to email"})
		return nil
	}
	if err != nil {
		return err
	}
	fmt.Printf("%s to %s is %s\n", sent.ID, contact.Email, sent.Status)
	return nil
}

// lookUp finds the contact who has the address. A query also finds others, in whose names or addresses it is.
func lookUp(ctx context.Context, customers *hivium.Client, email string) (*hivium.Contact, error) {
	for contact, err := range customers.Contacts.All(ctx, hivium.ListContacts{Query: email}) {
		if err != nil {
			return nil, err
		}
		if strings.EqualFold(contact.Email, email) {
			return contact, nil
		}
	}
	return nil, errors.New("no such customer: set CUSTOMER to the email address of a contact")
}
