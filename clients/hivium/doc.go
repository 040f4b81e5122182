// Package hivium is a client of Sentinel by Hivium, the platform on which agents work with customers: contacts, conversations, messages and the runs of its own agents.
//
//	client, err := hivium.New(os.Getenv("HIVIUM_API_KEY"))
//	contact, err := client.Contacts.Create(ctx, hivium.CreateContact{FirstName: "Carla", Email: "carla@example.com", Consent: hivium.Consent{hivium.ChannelEmail: true}})
//	sent, err := client.Messages.Send(ctx, hivium.SendMessage{ContactID: contact.ID, Channel: hivium.ChannelEmail, Text: "Hello"})
//
// A client is safe for concurrent use and has nothing to close. Calls are recorded as tool calls ("hivium.contacts.create") when a session is in their context.
//
// # Errors
//
// Whatever the platform or the network says is an [*Error], with the request's ID, which errors.Is compares by code: errors.Is(err, hivium.ErrConsentMissing).
//
// # Pacing
//
// A key may make 60 requests a minute. The client counts, reads the X-RateLimit headers and Retry-After, and makes its goroutines wait in the order in which they
// came; waits end with the context. See [WithRateLimit].
//
// # Retries
//
// 429, 5xx, no reply and one that is not understood are tried again up to three times, after 1, 2 and 4 seconds and never sooner than Retry-After says. A POST is
// tried again only with an idempotency key, the same each time. The client makes one by itself unless [WithIdempotencyKey] gives it; [WithoutIdempotencyKey] sends
// none. Redirects are not followed.
//
// # What is ours
//
// The platform's public document names some endpoints, parameters and fields, and not others. Paths that it does not name are marked in paths.go; fields that it does
// not name are marked at the types.
package hivium
