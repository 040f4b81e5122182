package words_test

import (
	"bytes"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/sentrial/sentrial-go/server/internal/words"
)

func ofText(text string) string {
	var found []string
	new(words.Reader).Text([]byte(text), func(word []byte) { found = append(found, string(word)) })
	return strings.Join(found, " ")
}

func ofEvent(raw string) string {
	var found []string
	new(words.Reader).Event([]byte(raw), func(word []byte) { found = append(found, string(word)) })
	return strings.Join(found, " ")
}

func TestText(t *testing.T) {
	for text, want := range map[string]string{
		"":                         "",
		" \t\n.,;\x00'\"%_\\*()":   "",
		"Reset my PASSWORD, now!":  "reset my password now",
		"mia_li_3668@example.com":  "mia li 3668 example com",
		"Crème brûlée Ünïcode":     "creme brulee unicode",
		"cre\u0300me":              "creme",
		"Straße ПРИВЕТ ёлка Ωmega": "straße привет елка ωmega",
		"soft\u00adhyphen":         "softhyphen",
		"ﬁne Ｆｕｌｌ２ 𝐁old":           "fine full2 bold",
		"हिन्दी":                   "हिन्दी",
		"한국어":                      ofText("\u1112\u1161\u11ab\u1100\u116e\u11a8\u110b\u1165"),
		"日本語です":                    "日本 本語 語て てす す",
		"語":                        "語",
		"go言語1":                    "go 言語 語 1",
		"テスト ﾃｽﾄ":                  "テス スト ト テス スト ト",
		"a\xffb":                   "a b",
		"emoji👍joined":             "emoji joined",
		"1½ x²":                    "1 x",
	} {
		if got := ofText(text); got != want {
			t.Errorf("%q: got %q, want %q", text, got, want)
		}
	}
}

func TestLongWordsAreCut(t *testing.T) {
	for text, want := range map[string]string{
		strings.Repeat("x", 100) + " y": strings.Repeat("x", words.MaxWord) + " y",
		strings.Repeat("é", 70) + "!":   strings.Repeat("e", words.MaxWord),
		strings.Repeat("я", 70):         strings.Repeat("я", words.MaxWord/2),
		"a" + strings.Repeat("я", 70):   "a" + strings.Repeat("я", words.MaxWord/2-1),
	} {
		if got := ofText(text); got != want {
			t.Errorf("%q: got %q", text, got)
		}
	}
}

func TestDataGivesNoWords(t *testing.T) {
	noise := make([]byte, 30_000)
	for i := range noise {
		noise[i] = byte(i * i * 7919 >> 3)
	}
	data := base64.StdEncoding.EncodeToString(noise)
	for _, text := range []string{data, base64.URLEncoding.EncodeToString(noise), strings.ReplaceAll(data, "/", `\/`)} {
		got := ofEvent(`{"x":"see data:image/png;base64,` + text + ` here"}`)
		if len(got) > 300 || !strings.HasPrefix(got, "see data image png base64") || !strings.HasSuffix(got, " here") {
			t.Errorf("got %d bytes: %.200q", len(got), got)
		}
	}
	hash := strings.Repeat("0123456789abcdef", 4)
	if got := ofText("commit " + hash + ", then"); got != "commit "+hash+" then" {
		t.Errorf("a hash: %q", got)
	}
}

func TestEvent(t *testing.T) {
	for raw, want := range map[string]string{
		`{}`: "",
		`{"id":"evt_1","type":"llm_call","session_id":"s","parent_id":"p","status":"error","timestamp":"2026","trace_id":"t","span_id":"u","call_id":"c",` +
			`"response_id":"r","parent_session_id":"q","seq":7,"model":"gpt"}`: "gpt",
		`{"duration_ms":12,"tool_input":{"id":"keyed","n":-42,"f":1.5,"e":1e3,"list":[7,"x",true,null]}}`: "keyed 42 7 x",
		` { "id" : "a" , "name" : "b" , "alternatives" : [ "one" , 2 ] } `:                                "b one 2",
		`{"id":{"in":"side"},"name":"n"}`:                                                                 "side n",
		`{"id":null,"name":"n"}`:                                                                          "n",
		`{"a":"line\nnext\ttab\"quote\\end"}`:                                                             "line next tab quote end",
		`{"a":"caf\u00e9s \u65e5\u672c \ud835\udc01 \ud800x \n12"}`:                                       "cafes 日本 本 b x 12",
		`{"a":"{\"text\": \"line\\nnext\\r\\n\\tlast\\\\ \\n日\"}"}`:                                       "text line nnext next r n tlast last n 日",
		`{"a":"C:\\new\\table\\x"}`:                                                                       "c new ew table able x",
		`{"a":"{\"answer\": \"caf\\u00e9\", \"n\": 12}"}`:                                                 "answer cafe n 12",
		`{"a\"b":"c","d\\":"e"}`:                                                                          "c e",
	} {
		if got := ofEvent(raw); got != want {
			t.Errorf("%s: got %q, want %q", raw, got, want)
		}
	}
}

func TestTerms(t *testing.T) {
	for text, want := range map[string]string{
		"":                        "",
		`" * ( ) ^ : ' % _ \ -`:   "",
		"Reset PASSWORD reset":    "password* reset*",
		"go to it":                "go it to",
		"con contact contacts":    "contacts*",
		"NEAR(a OR b)":            "a b near* or",
		"日本語":                     "日本 本語",
		"語":                       "語*",
		"ab abc":                  "ab abc*",
		"été":                     "ete*",
		strings.Repeat("x", 100):  strings.Repeat("x", words.MaxWord) + "*",
		strings.Repeat("語", 1000): "語語",
	} {
		var got []string
		for _, term := range words.Terms(text) {
			got = append(got, term.Word+strings.Repeat("*", map[bool]int{true: 1}[term.Prefix]))
		}
		if strings.Join(got, " ") != want {
			t.Errorf("%q: got %q, want %q", text, got, want)
		}
	}
	if n := len(words.Terms(strings.Join(slices.Collect(func(yield func(string) bool) {
		for i := range 1000 {
			if !yield(fmt.Sprint("w", 1000+i)) {
				return
			}
		}
	}), " "))); n != 64 {
		t.Errorf("%d terms of a thousand", n)
	}
}

// FuzzWords checks that a text put into an event is found again by searching for any of its words, and for all of it.
func FuzzWords(f *testing.F) {
	for _, text := range []string{"", "Crème brûlée", "日本語です", "a\\u00e9\"b\n", "İ ẞ ǅ Ⅷ ﷺ", strings.Repeat("é", 100), "\ud7a3\u0300", "\xff\\", `\\u00e9`} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		ofEvent(text) // whatever it is
		text = strings.ToValidUTF8(text, " ")
		var raw bytes.Buffer
		if err := json.NewEncoder(&raw).Encode(map[string]any{"id": "x", "prompt": []string{text}}); err != nil {
			t.Fatal(err)
		}
		got, want := ofEvent(raw.String()), ofText(text)
		if got != want && !strings.Contains(text, `\`) { // that may be JSON once more
			t.Fatalf("the event has %q, its text %q", got, want)
		}
		if strings.Contains(text, `\u`) || strings.Contains(text, `\/`) {
			return
		}
		there := strings.Fields(got)
		wantFound(t, text, there)
		for _, word := range there {
			wantFound(t, word, there)
		}
	})
}

func wantFound(t *testing.T, query string, there []string) {
	t.Helper()
	for _, term := range words.Terms(query) {
		if !slices.ContainsFunc(there, func(w string) bool { return w == term.Word || term.Prefix && strings.HasPrefix(w, term.Word) }) {
			t.Fatalf("%q asks for %+v, there is %q", query, term, there)
		}
	}
}
