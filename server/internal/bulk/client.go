package bulk

import (
	"bytes"
	"encoding/json"

	"github.com/sentrial/sentrial-go/server/internal/jsonscan"
)

// maxClientID is the longest name of a client that servers take.
const maxClientID = 512

// clientOf names the client that recorded an event which was read from a server: the server drops the field itself, and a batch has one
// client for all of its events. It returns nil for events of others.
func clientOf(raw []byte) []byte {
	if !bytes.Contains(raw, []byte(`"client_id"`)) {
		return nil
	}
	var id []byte
	scan := jsonscan.New(raw)
	if scan.Peek() != '{' {
		return nil
	}
	_ = scan.Members(func(key []byte) error {
		value, _, err := scan.Value()
		if string(key) == "client_id" {
			id = value
		}
		return err
	})
	var text string
	if json.Unmarshal(id, &text) != nil || text == "" || len(text) > maxClientID {
		return nil
	}
	return append(append([]byte(`{"id":`), id...), '}')
}
