package hivium_test

import (
	"errors"
	"math"
	"strings"
	"testing"

	"github.com/sentrial/sentrial-go/clients/hivium"
	"github.com/sentrial/sentrial-go/clients/hivium/hiviumtest"
)

func TestSendingAndReadingMessages(t *testing.T) {
	h, c := start(t)
	ctx := t.Context()
	to := create(t, c, carla)
	sent, err := c.Messages.Send(ctx, hivium.SendMessage{ContactID: to.ID, Channel: hivium.ChannelEmail, Text: "Hello", Metadata: map[string]any{"campaign": "may"}})
	if err != nil || !strings.HasPrefix(sent.ID, "msg_") || sent.Status != hivium.MessageQueued {
		t.Fatalf("sent %+v, %v", sent, err)
	}
	page, err := c.Messages.List(ctx, hivium.ListMessages{ContactID: to.ID, Channel: hivium.ChannelEmail})
	if err != nil || len(page.Data) != 1 {
		t.Fatalf("got %+v, %v", page, err)
	}
	if m := page.Data[0]; m.ID != sent.ID || m.Text != "Hello" || m.Metadata["campaign"] != "may" || m.ContactID != to.ID || m.Channel != hivium.ChannelEmail || m.CreatedAt.IsZero() {
		t.Errorf("got %+v", m)
	}
	n := 0
	for m, err := range c.Messages.All(ctx, hivium.ListMessages{ConversationID: page.Data[0].ConversationID}) {
		if err != nil || m.ID != sent.ID {
			t.Errorf("got %+v, %v", m, err)
		}
		n++
	}
	same(t, "messages of the conversation", n, 1)
	same(t, "requests", h.Count("messages.send"), 1)
}

// What is not allowed is refused for the document's reasons, and never tried again.
func TestMessagesThatAreRefused(t *testing.T) {
	h, c := start(t)
	to := create(t, c, carla)
	for name, test := range map[string]struct {
		message hivium.SendMessage
		want    error
	}{
		"no consent":       {hivium.SendMessage{ContactID: to.ID, Channel: hivium.ChannelWhatsApp, Text: "x"}, hivium.ErrConsentMissing},
		"consent unspoken": {hivium.SendMessage{ContactID: to.ID, Channel: hivium.ChannelGHL, Text: "x"}, hivium.ErrConsentMissing},
		"nobody":           {hivium.SendMessage{ContactID: "cnt_nobody", Channel: hivium.ChannelEmail, Text: "x"}, hivium.ErrNotFound},
		"no text":          {hivium.SendMessage{ContactID: to.ID, Channel: hivium.ChannelEmail}, hivium.ErrValidation},
		"no such channel":  {hivium.SendMessage{ContactID: to.ID, Channel: "pigeon", Text: "x"}, hivium.ErrValidation},
	} {
		before := h.Count("messages.send")
		if _, err := c.Messages.Send(t.Context(), test.message); !errors.Is(err, test.want) {
			t.Errorf("%s: %v, want %v", name, err, test.want)
		}
		same(t, name+": requests", h.Count("messages.send")-before, 1)
	}
	_, err := c.Messages.Send(t.Context(), hivium.SendMessage{ContactID: to.ID, Channel: hivium.ChannelWhatsApp, Text: "x"})
	var e *hivium.Error
	if !errors.As(err, &e) || e.Status != 403 || e.Code != "consent_missing" || e.Message != "Contact "+to.ID+" has no whatsapp consent on file." || !strings.HasPrefix(e.RequestID, "req_") {
		t.Errorf("got %+v", e)
	}
}

// Metadata that JSON has no form for is not sent.
func TestMetadataThatIsNone(t *testing.T) {
	h, c := start(t)
	for _, bad := range []any{func() {}, math.Inf(1), make(chan int)} {
		_, err := c.Messages.Send(t.Context(), hivium.SendMessage{ContactID: "x", Channel: hivium.ChannelEmail, Text: "x", Metadata: map[string]any{"bad": bad}})
		if !errors.Is(err, hivium.ErrInvalidRequest) {
			t.Errorf("%T: %v", bad, err)
		}
	}
	same(t, "requests", h.Count("messages.send"), 0)
}

// The document has two names for the text of a message: the reply may use either.
func TestTheTextUnderBothNames(t *testing.T) {
	h, c := start(t)
	h.Fault(func(string, int) hiviumtest.Fault {
		return hiviumtest.Body("application/json", `{"data":[{"id":"1","text":"a"},{"id":"2","body":"b"},{"id":"3","text":"c","body":"d"}]}`)
	})
	page, err := c.Messages.List(t.Context(), hivium.ListMessages{})
	if err != nil || page.Data[0].Text+page.Data[1].Text+page.Data[2].Text != "abc" {
		t.Errorf("got %+v, %v", page, err)
	}
}

func TestListingConversations(t *testing.T) {
	h, c := start(t)
	ctx := t.Context()
	var contacts []*hivium.Contact
	for range 3 {
		to := create(t, c, hivium.CreateContact{Email: "a@b.c", Consent: hivium.Consent{hivium.ChannelEmail: true, hivium.ChannelGHL: true}})
		contacts = append(contacts, to)
		for _, channel := range []hivium.Channel{hivium.ChannelEmail, hivium.ChannelGHL, hivium.ChannelEmail} {
			if _, err := c.Messages.Send(ctx, hivium.SendMessage{ContactID: to.ID, Channel: channel, Text: "x"}); err != nil {
				t.Fatal(err)
			}
		}
	}
	h.Archive(contacts[1].ID)
	for name, test := range map[string]struct {
		list hivium.ListConversations
		want int
	}{
		"all":       {hivium.ListConversations{}, 6},
		"active":    {hivium.ListConversations{Status: hivium.ConversationActive}, 4},
		"archived":  {hivium.ListConversations{Status: hivium.ConversationArchived}, 2},
		"a contact": {hivium.ListConversations{ContactID: contacts[0].ID}, 2},
		"a channel": {hivium.ListConversations{Channel: hivium.ChannelGHL}, 3},
		"together":  {hivium.ListConversations{Channel: hivium.ChannelGHL, ContactID: contacts[1].ID, Status: hivium.ConversationArchived}, 1},
	} {
		test.list.Limit = 2
		n := 0
		for conv, err := range c.Conversations.All(ctx, test.list) {
			if err != nil || conv.ID == "" || conv.ContactID == "" || conv.Channel == "" || conv.Status == "" {
				t.Fatalf("%s: %+v, %v", name, conv, err)
			}
			n++
		}
		same(t, name, n, test.want)
	}
	if _, err := c.Conversations.List(ctx, hivium.ListConversations{Status: "lost"}); !errors.Is(err, hivium.ErrValidation) {
		t.Errorf("a status that is none: %v", err)
	}
}
