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
	id := member(raw, "client_id")
	var text string
	if json.Unmarshal(id, &text) != nil || text == "" || len(text) > maxClientID {
		return nil
	}
	return append(append([]byte(`{"id":`), id...), '}')
}

// member is the value of an object's member of that name, nil if it has none. Of several the last counts, as for everybody who reads JSON.
func member(object []byte, name string) (found []byte) {
	scan := jsonscan.New(object)
	if scan.Peek() != '{' {
		return nil
	}
	_ = scan.Members(func(key []byte) error {
		value, _, err := scan.Value()
		if string(key) == name {
			found = value
		}
		return err
	})
	return found
}
