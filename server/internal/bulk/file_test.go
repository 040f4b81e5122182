package bulk_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"strings"
	"testing"

	"github.com/klauspost/compress/gzip"
	"github.com/klauspost/compress/zstd"

	"github.com/sentrial/sentrial-go/server/internal/bulk"
)

// contents reads a file to its end and writes a line for each event.
func contents(t *testing.T, text string) (string, error) {
	t.Helper()
	file, err := bulk.Open(strings.NewReader(text))
	if err != nil {
		return "", err
	}
	defer file.Close()
	var out strings.Builder
	for {
		e, err := file.Next()
		if errors.Is(err, io.EOF) {
			return out.String(), nil
		}
		if err != nil {
			return out.String(), err
		}
		out.WriteString(file.Place(e.Number) + " ")
		if e.Client != nil {
			out.WriteString(string(e.Client) + " ")
		}
		if e.Err != nil {
			out.WriteString(e.Err.Error() + "\n")
			continue
		}
		out.WriteString(string(e.Raw) + "\n")
	}
}

func gzipped(text string) string {
	var b bytes.Buffer
	z := gzip.NewWriter(&b)
	_, _ = io.WriteString(z, text)
	_ = z.Close()
	return b.String()
}

func zstandard(text string) string {
	z, err := zstd.NewWriter(nil)
	if err != nil {
		panic(err)
	}
	return string(z.EncodeAll([]byte(text), nil))
}

func TestFormsOfAFile(t *testing.T) {
	const two = "line:1 {\"id\":\"a\"}\nline:2 {\"id\":\"b\"}\n"
	const document = "event:1 {\"id\":\"a\"}\nevent:2 {\"id\":\"b\"}\n"
	for name, test := range map[string]struct{ text, want string }{
		"nothing":            {"", ""},
		"empty lines":        {"\n  \n\r\n", ""},
		"lines":              {"{\"id\":\"a\"}\n{\"id\":\"b\"}\n", two},
		"no line feed last":  {"{\"id\":\"a\"}\n{\"id\":\"b\"}", two},
		"carriage returns":   {"{\"id\":\"a\"}\r\n{\"id\":\"b\"}\r\n", two},
		"byte order mark":    {"\xef\xbb\xbf{\"id\":\"a\"}\n{\"id\":\"b\"}", two},
		"gzip":               {gzipped("{\"id\":\"a\"}\n{\"id\":\"b\"}\n"), two},
		"zstd":               {zstandard("{\"id\":\"a\"}\n{\"id\":\"b\"}\n"), two},
		"empty line between": {"{\"id\":\"a\"}\n\n{\"id\":\"b\"}\n", "line:1 {\"id\":\"a\"}\nline:3 {\"id\":\"b\"}\n"},
		"the client stays": {
			`{"id":"a","client_id":"c\u00e9"}` + "\n" + `{"id":"b","client_id":7}` + "\n" + `{"x":"\"client_id\""}`,
			`line:1 {"id":"c\u00e9"} {"id":"a","client_id":"c\u00e9"}` + "\n" + `line:2 {"id":"b","client_id":7}` + "\n" + `line:3 {"x":"\"client_id\""}` + "\n",
		},
		"bad lines": {
			"{\"id\":\n[1,\n{\"id\":\"c\"}\nnull x\n7\n",
			"line:1 invalid JSON at byte 6: expected a value, found the end of the text\nline:2 invalid JSON at byte 3: expected a value, " +
				"found the end of the text\nline:3 {\"id\":\"c\"}\nline:4 invalid JSON at byte 5: expected nothing after the end, found 'x'\nline:5 7\n",
		},
		"request": {`{"events":[{"id":"a"},{"id":"b"}]}`, document},
		"array":   {" [\n{\"id\":\"a\"},\n{\"id\":\"b\"} ] \n", document},
		"no one":  {"[]", ""},
		"list":    {`{"data":[{"id":"a"},{"id":"b"}],"next_cursor":"x"}`, document},
		"session": {"{\n \"session\": {\"id\":\"s\"},\n \"events\": [{\"id\":\"a\"},\n{\"id\":\"b\"}]\n}\n", document},
		"from":    {`{"client":{"id":"c"},"sent_at":"x","n":[1],"events":[{"id":"a"}]}`, "event:1 {\"id\":\"c\"} {\"id\":\"a\"}\n"},
		"an event of that name": {
			`{"client":"x","id":"a"}` + "\n" + `{"data":{"id":"b"}}` + "\n",
			`line:1 {"client":"x","id":"a"}` + "\n" + `line:2 {"data":{"id":"b"}}` + "\n",
		},
	} {
		t.Run(name, func(t *testing.T) {
			if got, err := contents(t, test.text); err != nil || got != test.want {
				t.Errorf("got  %q, %v\nwant %q", got, err, test.want)
			}
		})
	}
}

func TestALineThatIsTooLong(t *testing.T) {
	long := `{"id":"` + strings.Repeat("x", bulk.MaxEvent) + `"}`
	for _, end := range []string{"", "\n"} {
		got, err := contents(t, "{}\n"+long+"\n{\"id\":\"b\"}\n"+long+end)
		want := "line:1 {}\nline:2 the line is longer than 4 MiB\nline:3 {\"id\":\"b\"}\nline:4 the line is longer than 4 MiB\n"
		if err != nil || got != want {
			t.Errorf("got %.200q, %v", got, err)
		}
	}
	got, err := contents(t, `{"events":[{},`+long+`,{"id":"b"}]}`)
	if want := "event:1 {}\nevent:2 the event is longer than 4 MiB\nevent:3 {\"id\":\"b\"}\n"; err != nil || got != want {
		t.Errorf("got %.200q, %v", got, err)
	}
}

func TestALineAsLongAsItMayBe(t *testing.T) {
	line := `{"id":"` + strings.Repeat("x", bulk.MaxEvent-10) + `"}`
	if got, err := contents(t, line+"\n{}"); err != nil || got != "line:1 "+line+"\nline:2 {}\n" {
		t.Errorf("got %.200q, %v", got, err)
	}
}

func TestWhatCannotBeReadToItsEnd(t *testing.T) {
	endless := `{"events":[{},"` + strings.Repeat("x", 3*bulk.MaxEvent)
	packed := gzipped(strings.Repeat("{\"id\":\"a\"}\n", 1000))
	for name, test := range map[string]struct{ text, before, want string }{
		"cut gzip":       {packed[:len(packed)-12], "line:1 ", "unexpected EOF"},
		"damaged zstd":   {zstandard("{}\n")[:6], "", "EOF"},
		"no gzip":        {"\x1f\x8bxxxxxxxxxxxxxx", "", "gzip"},
		"cut document":   {`{"events":[{"id":"a"},`, "event:1 ", "cannot be read beyond event 1"},
		"open array":     {`[{"id":"a"}`, "event:1 ", "cannot be read beyond event 1"},
		"two arrays":     {"[{\"id\":\"a\"}]\n[{\"id\":\"b\"}]\n", "event:1 ", "something follows the array, behind event 1"},
		"open list":      {`{"events":[{"id":"a"}`, "event:1 ", "cannot be read beyond event 1"},
		"broken":         {`{"events":[{"id":"a"},{]}`, "event:1 ", "cannot be read beyond event 1"},
		"no events":      {`{"client":{"id":"x"}}`, "", "no events"},
		"no array":       {`{"client":{"id":"x"},"events":{}}`, "", "no array"},
		"an endless one": {endless, "event:1 ", "longer than 8 MiB"},
	} {
		t.Run(name, func(t *testing.T) {
			got, err := contents(t, test.text)
			if err == nil || !strings.Contains(err.Error(), test.want) || !strings.HasPrefix(got, test.before) {
				t.Errorf("got %.100q, %v; want %q", got, err, test.want)
			}
		})
	}
}

func FuzzFile(f *testing.F) {
	for _, seed := range []string{
		"{}\n{\"id\":\"a\"}\n", "{\"events\":[{},{}]}", "{\"client\":{},\"events\":[1]}", "\xef\xbb\xbf{}", gzipped("{}\n"), zstandard("{}\n{"),
		"{\"data\":[", "\n\n\r\n{", "{\"client_id\":\"x\"}", "[1]\n\"x\"\n", "[{\"id\":\"a\"},1]",
	} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		file, err := bulk.Open(bytes.NewReader(data))
		if err != nil {
			return
		}
		defer file.Close()
		last := int64(0)
		for range 10_000 {
			e, err := file.Next()
			if err != nil {
				return
			}
			if e.Number <= last || (e.Err == nil) != json.Valid(e.Raw) || e.Client != nil && !json.Valid(e.Client) {
				t.Fatalf("event %d after %d: %q, %v, client %q", e.Number, last, e.Raw, e.Err, e.Client)
			}
			last = e.Number
		}
	})
}
