package apiclient

import "io"

// NewMessageReader reads server-sent events.
func NewMessageReader(r io.Reader) *MessageReader { return &MessageReader{newMessageReader(r)} }

// MessageReader reads server-sent events.
type MessageReader struct{ r *messageReader }

// Next returns the next message.
func (m *MessageReader) Next() (Message, error) { return m.r.next() }
