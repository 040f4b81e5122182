package wire_test

import (
	"bytes"
	"math/rand/v2"
	"reflect"
	"strings"
	"testing"
)

// small is up to which size pairs of places to cut a reply at are tried.
const small = 500

// A reply gives the same call however it is cut into pieces: inside of characters, of CRLF, of names of fields.
func TestPiecesDoNotMatter(t *testing.T) {
	for _, c := range recordedCalls(t) {
		for _, r := range c.replies {
			want := tell(t, c, r, r.body)
			for i := 0; i < len(r.body); i += 1 + len(r.body)/places {
				if got := tell(t, c, r, r.body[:i], r.body[i:]); !reflect.DeepEqual(got, want) {
					t.Fatalf("%s, %s, cut at %d: got\n%+v\nwant\n%+v", c.name, r.name, i, got, want)
				}
			}
			for seed := range uint64(20) {
				if got := tell(t, c, r, random(r.body, seed)...); !reflect.DeepEqual(got, want) {
					t.Fatalf("%s, %s, pieces of seed %d: got\n%+v\nwant\n%+v", c.name, r.name, seed, got, want)
				}
			}
			if got := tell(t, c, r, single(r.body)...); !reflect.DeepEqual(got, want) {
				t.Fatalf("%s, %s, byte by byte: got\n%+v\nwant\n%+v", c.name, r.name, got, want)
			}
		}
	}
}

// Pairs of cuts, close ones above all, of streams short enough for it.
func TestThreePieces(t *testing.T) {
	tried := 0
	for _, c := range recordedCalls(t) {
		for _, r := range c.replies {
			if len(r.body) > small {
				continue
			}
			tried++
			want := tell(t, c, r, r.body)
			for i := 0; i < len(r.body); i += 1 + len(r.body)/places {
				for j := i + 1; j < len(r.body); j += 1 + (j-i)/2 {
					if got := tell(t, c, r, r.body[:i], r.body[i:j], r.body[j:]); !reflect.DeepEqual(got, want) {
						t.Fatalf("%s, %s, cut at %d and %d: got\n%+v\nwant\n%+v", c.name, r.name, i, j, got, want)
					}
				}
			}
		}
	}
	if tried < 3 {
		t.Errorf("only %d replies are that short", tried)
	}
}

func random(body []byte, seed uint64) (pieces [][]byte) {
	r := rand.New(rand.NewPCG(seed, 8))
	for len(body) > 0 {
		n := min(len(body), 1+r.IntN(2+int(seed)*3))
		pieces, body = append(pieces, body[:n]), body[n:]
	}
	return pieces
}

func single(body []byte) (pieces [][]byte) {
	for i := range body {
		pieces = append(pieces, body[i:i+1])
	}
	return pieces
}

// Streams of events in all the ways that servers write them say the same.
func TestWaysToWriteEvents(t *testing.T) {
	ways := map[string]func(string) string{
		"CRLF":          func(s string) string { return strings.ReplaceAll(s, "\n", "\r\n") },
		"CR":            func(s string) string { return strings.ReplaceAll(s, "\n", "\r") },
		"a mark before": func(s string) string { return "\uFEFF" + s },
		"lines before":  func(s string) string { return "\n\r\n\n" + s },
		"no space": func(s string) string {
			return strings.ReplaceAll(strings.ReplaceAll(s, "data: ", "data:"), "event: ", "event:")
		},
		"comments": func(s string) string {
			return ": hi\n\n:\n" + strings.ReplaceAll(s, "data: ", ": said\r\nid: 7\nretry: 10\ndata: ")
		},
		"pings": func(s string) string {
			return strings.ReplaceAll(s, "\n\n", "\n\nevent: ping\ndata: {\"type\": \"ping\"}\n\n")
		},
		"empty data":    func(s string) string { return strings.ReplaceAll(s, "\n\n", "\n\ndata:\n\ndata\n\n") },
		"several lines": func(s string) string { return strings.ReplaceAll(s, "\":[{", "\":[\ndata: {") },
		"CRLF, several": func(s string) string {
			return strings.ReplaceAll(strings.ReplaceAll(s, "\":[{", "\":[\ndata: {"), "\n", "\r\n")
		},
		"no line between": func(s string) string { return strings.ReplaceAll(s, "\n\n", "\n") },
		"no line after":   func(s string) string { return strings.TrimRight(s, "\n") },
		"unknown fields":  func(s string) string { return strings.ReplaceAll(s, "\n\n", "\nunknown-and-long: {\"x\n\n") },
	}
	for _, c := range recordedCalls(t) {
		for _, r := range c.replies {
			if r.name != "reply.sse" {
				continue
			}
			want := tell(t, c, r, r.body)
			for name, write := range ways {
				body := []byte(write(string(r.body)))
				for _, pieces := range [][][]byte{{body}, single(body)} {
					if got := tell(t, c, r, pieces...); !reflect.DeepEqual(got, want) {
						t.Errorf("%s, %s, in %d pieces: got\n%+v\nwant\n%+v", c.name, name, len(pieces), got, want)
					}
				}
			}
		}
	}
}

// The content type may be missing or wrong.
func TestContentTypesThatLie(t *testing.T) {
	for _, c := range recordedCalls(t) {
		for _, r := range c.replies {
			want := tell(t, c, r, r.body)
			for _, contentType := range []string{"", "text/event-stream", "text/plain", "application/json", "nonsense;;"} {
				other := r
				other.contentType = contentType
				if got := tell(t, c, other, r.body); !reflect.DeepEqual(got, want) {
					t.Errorf("%s, %s, said to be %q: got\n%+v\nwant\n%+v", c.name, r.name, contentType, got, want)
				}
			}
		}
	}
}

// Lines of JSON are read with empty ones between them, and with either end.
func TestWaysToWriteLines(t *testing.T) {
	for _, c := range recordedCalls(t) {
		for _, r := range c.replies {
			if r.name != "reply.ndjson" {
				continue
			}
			want := tell(t, c, r, r.body)
			for _, body := range [][]byte{
				bytes.ReplaceAll(r.body, []byte("\n"), []byte("\r\n\r\n")), bytes.TrimRight(r.body, "\n"), bytes.ReplaceAll(r.body, []byte("\n"), []byte("\n\x1e")),
			} {
				if got := tell(t, c, r, body); !reflect.DeepEqual(got, want) {
					t.Errorf("%s: got\n%+v\nwant\n%+v", c.name, got, want)
				}
			}
		}
	}
}
