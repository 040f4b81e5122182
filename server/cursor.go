package server

import (
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"strings"
	"time"

	"github.com/sentrial/sentrial-go/server/store"
)

// A cursor is a place in a list, with a fingerprint of the list: what was asked for and in which project. Its form is nobody's business
// but this file's.
type cursor struct {
	List      string `json:"l"`
	Timestamp int64  `json:"t"`
	ID        string `json:"i,omitempty"` // sessions
	Client    string `json:"c,omitempty"` // events, as the rest
	Seq       int64  `json:"s,omitempty"`
	Position  int64  `json:"p,omitempty"`
	Value     []byte `json:"v,omitempty"` // rollups; bytes, for it may be no text
}

// maxCursor is more than the longest name of a client takes, however it is escaped.
const maxCursor = 4096

// fingerprint names a list by all that selects its rows.
func fingerprint(parts ...string) string {
	sum := sha256.Sum256([]byte(strings.Join(parts, "\x00")))
	return hex.EncodeToString(sum[:8])
}

func (c cursor) String() string {
	text, err := json.Marshal(c)
	if err != nil {
		panic(err) // strings and integers
	}
	return base64.RawURLEncoding.EncodeToString(text)
}

// parseCursor reads a cursor of the list named by fingerprint; nil when there is none.
func parseCursor(text, list string) (*cursor, error) {
	if text == "" {
		return nil, nil // the list's beginning
	}
	raw, err := base64.RawURLEncoding.DecodeString(text)
	var c cursor
	if len(text) > maxCursor || err != nil || json.Unmarshal(raw, &c) != nil {
		return nil, invalid("cursor: expected the next_cursor of a reply, unchanged")
	}
	if c.List != list {
		return nil, invalid("cursor: it belongs to another list: send it with the filters that it came with, or begin without it")
	}
	return &c, nil
}

func sessionCursor(list string, k *store.SessionKey) string {
	if k == nil {
		return ""
	}
	return cursor{List: list, Timestamp: k.CreatedAt.UnixNano(), ID: k.ID}.String()
}

func (c *cursor) sessionKey() *store.SessionKey {
	if c == nil {
		return nil
	}
	return &store.SessionKey{CreatedAt: time.Unix(0, c.Timestamp), ID: c.ID}
}

func eventCursor(list string, k *store.EventKey) string {
	if k == nil {
		return ""
	}
	return cursor{List: list, Timestamp: k.Timestamp.UnixNano(), Client: k.ClientID, Seq: k.Seq, Position: k.Position}.String()
}

func (c *cursor) eventKey() *store.EventKey {
	if c == nil {
		return nil
	}
	return &store.EventKey{Timestamp: time.Unix(0, c.Timestamp), ClientID: c.Client, Seq: c.Seq, Position: c.Position}
}
