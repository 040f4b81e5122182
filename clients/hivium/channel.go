package hivium

// Channel is a way to reach a contact.
type Channel string

// Channels.
const (
	ChannelEmail    Channel = "email"
	ChannelWhatsApp Channel = "whatsapp"
	ChannelGHL      Channel = "ghl"
)

// Consent says by channel whether a contact agreed to be written to. The document shows email and whatsapp. A channel that is absent has no consent.
type Consent map[Channel]bool
