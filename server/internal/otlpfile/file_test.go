package otlpfile_test

import (
	"bytes"
	"encoding/binary"
	"errors"
	"io"
	"slices"
	"strings"
	"testing"
	"testing/iotest"

	"github.com/klauspost/compress/gzip"
	"github.com/klauspost/compress/zstd"
	tracepb "go.opentelemetry.io/proto/otlp/trace/v1"
	"google.golang.org/protobuf/proto"

	"github.com/sentrial/sentrial-go/server/internal/otlp"
	"github.com/sentrial/sentrial-go/server/internal/otlpfile"
)

// one and two are bodies of a span each, in JSON.
const (
	one = `{"resourceSpans":[{"scopeSpans":[{"spans":[{"traceId":"4bf92f3577b34da6a3ce929d0e0e4736","spanId":"00f067aa0ba902b7","name":"one"}]}]}]}`
	two = `{"resourceSpans":[{"scopeSpans":[{"spans":[{"traceId":"4bf92f3577b34da6a3ce929d0e0e4736","spanId":"00f067aa0ba902b8","name":"two"}]}]}]}`
)

// message is a body of one span in protobuf.
func message(name string, id byte) []byte {
	body, err := proto.Marshal(&tracepb.TracesData{ResourceSpans: []*tracepb.ResourceSpans{{ScopeSpans: []*tracepb.ScopeSpans{{Spans: []*tracepb.Span{{
		TraceId: bytes.Repeat([]byte{7}, 16), SpanId: bytes.Repeat([]byte{id}, 8), Name: name,
	}}}}}}})
	if err != nil {
		panic(err)
	}
	return body
}

// framed puts the length before each.
func framed(bodies ...[]byte) (out []byte) {
	for _, b := range bodies {
		out = append(binary.BigEndian.AppendUint32(out, uint32(len(b))), b...)
	}
	return out
}

func zipped(plain []byte) []byte {
	var b bytes.Buffer
	w := gzip.NewWriter(&b)
	_, _ = w.Write(plain)
	_ = w.Close()
	return b.Bytes()
}

func zstandard(plain []byte) []byte {
	w, err := zstd.NewWriter(nil, zstd.WithEncoderConcurrency(1))
	if err != nil {
		panic(err)
	}
	defer w.Close()
	return w.EncodeAll(plain, nil)
}

// names reads a file, and gives what it holds: names of spans, errors with their places, and last the error that ended it.
func names(in io.Reader) (list []string) {
	file, err := otlpfile.Open(in)
	if err != nil {
		return []string{"open: " + err.Error()}
	}
	defer file.Close()
	for {
		m, err := file.Next()
		if errors.Is(err, io.EOF) {
			return list
		}
		if err != nil {
			return append(list, "end: "+err.Error())
		}
		b := otlpfile.Decode(m)
		for _, s := range b.Spans {
			list = append(list, s.Name)
		}
		if b.Err != nil {
			list = append(list, m.Place+": "+b.Err.Error())
		}
	}
}

func TestEveryFormGivesTheSame(t *testing.T) {
	pretty := strings.NewReplacer(`{`, "{\n  ", `,`, ",\n", `[`, "[\n").Replace
	for name, text := range map[string][]byte{
		"lines":                      []byte(one + "\n" + two + "\n"),
		"lines without an end":       []byte(one + "\n" + two),
		"lines of Windows":           []byte("\xef\xbb\xbf" + one + "\r\n\r\n" + two + "\r\n"),
		"lines behind a gap":         []byte("\n \n{ " + one[1:] + "\n" + two),
		"documents":                  []byte(pretty(one) + "\n" + pretty(two)),
		"documents behind a gap":     []byte("\n\n" + pretty(one) + pretty(two)),
		"an array":                   []byte("[" + one + "," + two + "]"),
		"an array over lines":        []byte("\n[\n" + pretty(one) + ",\n" + two + "\n]\n"),
		"one message":                append(message("one", 1), message("two", 2)...), // which is what protobuf makes of two
		"messages":                   framed(message("one", 1), message("two", 2)),
		"messages, compressed each":  framed(zstandard(message("one", 1)), zstandard(message("two", 2))),
		"JSON with lengths":          framed([]byte(one), []byte(two)),
		"JSON compressed each":       framed(zstandard([]byte(one)), zstandard([]byte(two))),
		"messages of another kind":   framed(message("one", 1), zipped([]byte(two))),
		"a line longer than buffers": []byte(one + "\n" + strings.Replace(two, `"name"`, `"x":"`+strings.Repeat("y", 600<<10)+`","name"`, 1)),
	} {
		for packing, packed := range map[string][]byte{"plain": text, "gzip": zipped(text), "zstd": zstandard(text)} {
			for _, in := range []io.Reader{bytes.NewReader(packed), iotest.OneByteReader(bytes.NewReader(packed))} {
				if got := names(in); !slices.Equal(got, []string{"one", "two"}) {
					t.Errorf("%s, %s: %.300q", name, packing, got)
				}
			}
		}
	}
}

// TestWhatIsBroken is named with its place. What can be told apart from the rest is passed over, and what came before is kept always.
func TestWhatIsBroken(t *testing.T) {
	cut := framed(message("one", 1), message("two", 2))
	for name, test := range map[string]struct {
		text string
		want []string
	}{
		"empty":                     {"", nil},
		"empty requests":            {"{}\n{}\n", nil},
		"a bad line":                {one + "\nnonsense\n" + two, []string{"one", "line:2: no OTLP body", "two"}},
		"a bad line at first":       {`{"a":}` + "\n" + two, []string{"line:1: no OTLP body: invalid JSON at byte 5", "two"}},
		"a cut line":                {one + "\n" + two[:40], []string{"one", "line:2: no OTLP body: invalid JSON at byte 40: expected"}},
		"other JSON":                {one + "\n" + `{"id":"e1","type":"step"}` + "\n" + two, []string{"one", "line:2: it is no OTLP: expected an object with resourceSpans", "two"}},
		"a span without an id":      {strings.Replace(one, "00f067aa0ba902b7", "", 1) + "\n" + two, []string{"line:1: a span without a span id", "two"}},
		"a cut document":            {"{\n" + one[1:] + "\n{\n" + two[1:60], []string{"one", "end: the document cannot be read beyond byte "}},
		"a cut array":               {"[" + one + ",", []string{"one", "end: the document cannot be read beyond byte "}},
		"something behind an array": {"[" + one + "]{}", []string{"one", "end: something follows the array"}},
		"a cut length":              {string(cut[:len(framed(message("one", 1)))+3]), []string{"one", "end: the file is cut at byte 43: expected four bytes of a length, found 3"}},
		"a cut message":             {string(cut[:len(cut)-1]), []string{"one", "end: the file is cut: the message at byte 43 is 39 bytes long by its length, and 38 are there"}},
		"an endless message":        {string(framed(message("one", 1))) + "\xff\xff\xff\xff", []string{"one", "end: the message at byte 43 is 4294967295 bytes long by its length: expected 256 MiB"}},
		"a bad message":             {string(framed([]byte("\x0a\xff"), message("two", 2))), []string{"byte:0: no OTLP body: invalid protobuf", "two"}},
		"bad compression":           {string(framed([]byte("\x28\xb5\x2f\xfdnonsense"), message("two", 2))), []string{"byte:0: ", "two"}},
		"a bad single message":      {"\x0a\xff", []string{"byte:0: no OTLP body: invalid protobuf"}},
		"something else":            {"hello", []string{"open: it is no OTLP: expected JSON"}},
		"cut compression":           {string(zipped([]byte(one + "\n" + two))[:60]), []string{"end: line 1 cannot be read: unexpected EOF"}},
		"no compression":            {"\x1f\x8bnonsense", []string{"open: it begins like gzip and is not"}},
	} {
		got := names(strings.NewReader(test.text))
		if !slices.EqualFunc(got, test.want, strings.HasPrefix) {
			t.Errorf("%s: got %.400q, want %q", name, got, test.want)
		}
	}
}

func TestMetricsAreToldApart(t *testing.T) {
	b := otlpfile.Decode(otlpfile.Message{Body: []byte(`{"resourceMetrics":[{}]}`), Form: otlp.JSON})
	if b.Signal != otlp.SignalMetrics || b.Err != nil || b.Spans != nil {
		t.Errorf("%+v", b)
	}
}

func FuzzFile(f *testing.F) {
	f.Add([]byte(one + "\n" + two))
	f.Add([]byte("[\n" + one + "]"))
	f.Add(framed(message("one", 1), zstandard([]byte(two))))
	f.Add(message("one", 1))
	f.Fuzz(func(t *testing.T, text []byte) {
		first := names(bytes.NewReader(text))
		if again := names(iotest.HalfReader(bytes.NewReader(text))); !slices.Equal(first, again) {
			t.Fatalf("%q in one piece, %q in many", first, again)
		}
	})
}
