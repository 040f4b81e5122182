package server_test

import (
	"bytes"
	"encoding/binary"
	"hash/crc32"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"

	"github.com/klauspost/compress/gzip"
	"github.com/klauspost/compress/zstd"

	"github.com/sentrial/sentrial-go/server"
)

// bomb is a body that is to be refused, and how.
type bomb struct {
	name, encoding string
	body           []byte
	status         int
	message        string
}

// theBombs are made once: that takes longer than to refuse them.
var theBombs struct {
	sync.Once
	all []bomb
}

// bombs unfold to much, or take long to unfold to little.
func bombs(tb testing.TB) []bomb {
	tb.Helper()
	theBombs.Do(func() { theBombs.all = makeBombs(tb) })
	return slices.Clone(theBombs.all)
}

func makeBombs(tb testing.TB) []bomb {
	tb.Helper()
	const ratio = "more than 100 times as large as it travels"
	big := zeros(tb, "gzip", 64<<20)
	return []bomb{
		{"gzip 1000:1", "gzip", big, 413, ratio},
		{"gzip 1000:1, small", "gzip", zeros(tb, "gzip", 5<<20), 413, ratio},
		{"zstd 10000:1", "zstd", zeros(tb, "zstd", 64<<20), 413, ratio},
		{"zstd 10000:1, small", "zstd", zeros(tb, "zstd", 5<<20), 413, ratio},
		{"gzip in gzip", "gzip", pack(tb, "gzip", big), 400, "must be a JSON object"},
		{"zstd in gzip", "gzip", pack(tb, "gzip", pack(tb, "zstd", []byte(`{"events":[]}`))), 400, "must be a JSON object"},
		{"gzip members of bombs", "gzip", bytes.Repeat(zeros(tb, "gzip", 512<<10), 1000), 413, ratio},
		{"zstd frames of bombs", "zstd", bytes.Repeat(zeros(tb, "zstd", 512<<10), 1000), 413, ratio},
		{"too much in all", "gzip", pack(tb, "gzip", digits(20<<20+1)), 413, "the decoded body is larger than 20971520 bytes"},
		{"too much in all", "zstd", pack(tb, "zstd", digits(20<<20+1)), 413, "the decoded body is larger than 20971520 bytes"},
		{"empty members", "gzip", bytes.Repeat(pack(tb, "gzip", nil), 200_000), 400, "unfolds to almost nothing"},
		{"empty frames", "zstd", bytes.Repeat([]byte("\x28\xb5\x2f\xfd\x20\x00\x01\x00\x00"), 500_000), 400, "unfolds to almost nothing"},
		{"skipped frames", "zstd", bytes.Repeat([]byte("\x50\x2a\x4d\x18\x00\x00\x00\x00"), 500_000), 400, "unfolds to almost nothing"},
		{"tables without text", "gzip", tables(400_000), 400, "unfolds to almost nothing"},
		{"a large window", "zstd", window(64 << 20), 413, "the zstd window is larger than 8388608 bytes"},
		{"a size without end", "zstd", []byte("\x28\xb5\x2f\xfd\xe0\xff\xff\xff\xff\xff\xff\xff\xff\x01\x00\x00"), 413, "window"},
		{"a dictionary", "zstd", []byte("\x28\xb5\x2f\xfd\x21\x05\x01\x09\x00\x00x"), 400, "not what its Content-Encoding says"},
		{"a bad trailer", "gzip", badTrailer(pack(tb, "gzip", []byte(`{"events":[]}`))), 400, "not what its Content-Encoding says"},
		{"a bad checksum", "zstd", badTrailer(pack(tb, "zstd", []byte(`{"events":[]}`))), 400, "not what its Content-Encoding says"},
		{"a cut trailer", "gzip", pack(tb, "gzip", []byte(`{"events":[]}`))[:30], 400, "not what its Content-Encoding says"},
		{"junk after it", "gzip", append(pack(tb, "gzip", []byte(`{"events":[]}`)), "junk"...), 400, "not what its Content-Encoding says"},
	}
}

func pack(tb testing.TB, encoding string, plain []byte) []byte {
	tb.Helper()
	var out bytes.Buffer
	if encoding == "zstd" {
		z, err := zstd.NewWriter(nil)
		if err != nil {
			tb.Fatal(err)
		}
		return z.EncodeAll(plain, nil)
	}
	z := gzip.NewWriter(&out)
	if _, err := z.Write(plain); err != nil {
		tb.Fatal(err)
	}
	if err := z.Close(); err != nil {
		tb.Fatal(err)
	}
	return out.Bytes()
}

// zeros is so many spaces, as small as they get.
func zeros(tb testing.TB, encoding string, n int) []byte {
	tb.Helper()
	var out bytes.Buffer
	part := bytes.Repeat([]byte(" "), 1<<20)
	z, err := zstd.NewWriter(&out, zstd.WithEncoderConcurrency(1))
	if err != nil {
		tb.Fatal(err)
	}
	write, end := z.Write, z.Close
	if encoding == "gzip" {
		z := gzip.NewWriter(&out)
		write, end = z.Write, z.Close
	}
	for ; n > 0; n -= len(part) {
		if _, err := write(part[:min(n, len(part))]); err != nil {
			tb.Fatal(err)
		}
	}
	if err := end(); err != nil {
		tb.Fatal(err)
	}
	return out.Bytes()
}

// digits is a JSON text of so many bytes that shrinks no better than to a fifth or so.
func digits(n int) []byte {
	var out bytes.Buffer
	out.WriteString(`{"pad":[`)
	for i := uint32(1); out.Len() < n; i++ {
		out.Write(strconv.AppendUint(out.AvailableBuffer(), uint64(i*2654435761), 10))
		out.WriteString(",100000000000000000,1000000000000000000,")
	}
	return out.Bytes()[:n]
}

// digitsUpTo is digits up to a whole number.
func digitsUpTo(n int) []byte {
	text := digits(n)
	return text[:bytes.LastIndexByte(text, ',')+1]
}

// tables is deflate blocks that each have tables of codes and no text: 13 bytes that take as long as kilobytes.
func tables(n int) []byte {
	out := bytes.NewBufferString("\x1f\x8b\x08\x00\x00\x00\x00\x00\x00\xff")
	var bits uint64
	var have uint
	put := func(v uint64, n uint) {
		bits |= v << have
		for have += n; have >= 8; have -= 8 {
			out.WriteByte(byte(bits))
			bits >>= 8
		}
	}
	block := func(last uint64) {
		put(last, 1)
		put(2, 2)  // with tables
		put(0, 5)  // 257 codes of literals
		put(0, 5)  // 1 of distances
		put(14, 4) // 18 lengths of code lengths, in the order 16 17 18 0 8 7 9 6 10 5 11 4 12 3 13 2 14 1
		for i := range 18 {
			put(map[int]uint64{2: 1, 17: 1}[i], 3)
		}
		// the codes: 1 -> 0, 18 -> 1; 138 + 118 zeros, then lengths 1 for the end of a block and for a distance
		put(1, 1)
		put(138-11, 7)
		put(1, 1)
		put(118-11, 7)
		put(0, 1)
		put(0, 1)
		put(0, 1) // the end of the block
	}
	for range n - 1 {
		block(0)
	}
	block(1)
	put(0, 7)
	out.Write(binary.LittleEndian.AppendUint32(nil, crc32.ChecksumIEEE(nil)))
	out.Write(make([]byte, 4))
	return out.Bytes()
}

// window is a zstd frame that asks for that much memory.
func window(n int) []byte {
	exponent := byte(0)
	for 1<<(10+exponent) < n {
		exponent++
	}
	return []byte{0x28, 0xb5, 0x2f, 0xfd, 0x00, exponent << 3, 0x09, 0x00, 0x00, 'x'}
}

func badTrailer(body []byte) []byte {
	body[len(body)-3] ^= 0xff
	return body
}

func TestRow73BombsAreRefused(t *testing.T) {
	a := newApp(t)
	for _, b := range bombs(t) {
		code := map[int]string{400: "validation_error", 413: "payload_too_large"}[b.status]
		if len(b.body) > 5<<20 {
			t.Errorf("%s: %d bytes do not travel", b.name, len(b.body))
		}
		for _, media := range []string{"application/json", "application/x-ndjson"} {
			if media == "application/x-ndjson" && (strings.HasPrefix(b.message, "must be") || b.name == "too much in all") {
				continue // lines that are no events, and what takes its time
			}
			w := a.do("POST", "/v1/events", bytes.NewReader(b.body), "Content-Type", media, "Content-Encoding", b.encoding)
			wantError(t, w, b.status, code, b.message)
		}
		if b.name == "too much in all" {
			continue
		}
		w := a.do("POST", "/api/sdk/events", bytes.NewReader(b.body), "Content-Type", "application/json", "Content-Encoding", b.encoding)
		same(t, b.name+" on the hosted wire", w.Code, b.status)
	}
	same(t, "sessions", a.get("/v1/sessions"), `{"data":[]}`)
}

// TestRow73NestedEncodings: what is packed twice is taken by nobody.
func TestRow73NestedEncodings(t *testing.T) {
	a := newApp(t)
	twice := pack(t, "gzip", pack(t, "gzip", []byte(`{"events":[]}`)))
	for _, encoding := range []string{"gzip, gzip", "gzip,zstd", "zstd, identity", "deflate", "compress", "x-gzip", "aws-chunked"} {
		w := a.do("POST", "/v1/events", bytes.NewReader(twice), "Content-Type", "application/json", "Content-Encoding", encoding)
		wantError(t, w, http.StatusUnsupportedMediaType, "unsupported_media_type", "is not taken, send zstd, gzip or identity")
	}
}

// TestRow73SeveralMembersAreOneBody: some programs write a member for each flush.
func TestRow73SeveralMembersAreOneBody(t *testing.T) {
	for _, encoding := range []string{"gzip", "zstd"} {
		a := newApp(t)
		var body []byte
		for _, part := range []string{`{"events":[`, "", ev("e1", "step") + ",", ev("e2", "step"), `]}`} {
			body = append(body, pack(t, encoding, []byte(part))...)
		}
		got := a.do("POST", "/v1/events", bytes.NewReader(body), "Content-Type", "application/json", "Content-Encoding", encoding)
		same(t, encoding, decode[ack](t, got), "{2 0 []}")
	}
}

// TestRow73WhatIsNoBombIsTaken: batches that shrink well, up to the limits.
func TestRow73WhatIsNoBombIsTaken(t *testing.T) {
	const most = 6 << 20
	a := newApp(t, func(c *server.Config) { c.Limits.MaxDecodedBytes = most })
	whole := digits(most - len(`0],"events":[]}`))
	for _, encoding := range []string{"gzip", "zstd"} {
		for name, plain := range map[string][]byte{
			"ten thousand times smaller, of just less than 4 MiB": append(bytes.Repeat([]byte(" "), 4<<20-14), `{"events":[]}`...),
			"of an agent":           agentBatch(t, 1000),
			"as large as it may be": append(whole, `0],"events":[]}`...),
		} {
			w := a.do("POST", "/v1/events", bytes.NewReader(pack(t, encoding, plain)), "Content-Type", "application/json", "Content-Encoding", encoding)
			if w.Code != 200 {
				t.Errorf("%s, %s: %d %s", name, encoding, w.Code, w.Body)
			}
		}
	}
}

// BenchmarkRefuse is what each bomb costs.
func BenchmarkRefuse(b *testing.B) {
	for _, x := range append(bombs(b), jsonBombs(b, 5<<20)...) {
		b.Run(strings.ReplaceAll(x.name, " ", "_")+"/"+x.encoding, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				if err := server.RefuseBody(x.body, x.encoding); (err != nil) != (x.status >= 400) {
					b.Fatal(err)
				}
			}
		})
	}
}
