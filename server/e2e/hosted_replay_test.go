package e2e_test

import (
	"bytes"
	"io"
	"net/http"
	"os"
	"regexp"
	"strconv"
	"strings"
	"testing"
)

// hostedWord is a word of the script: a bare one, or one in single quotes.
var hostedWord = regexp.MustCompile(`(?:^|\s)(?:([^\s']+)|'([^']*)')`)

// hostedVerbs are what a line of the script may do. Lines that begin with another word are its machinery.
var hostedVerbs = map[string]func(r *hostedReplay, args []string){
	"call": (*hostedReplay).call, "expect": (*hostedReplay).expect, "keep": (*hostedReplay).keep, "as": (*hostedReplay).as, "with": (*hostedReplay).with,
}

// hostedStep is a line of the script: what to do, and with what.
type hostedStep struct {
	line int
	verb string
	args []string
}

type hostedSteps []hostedStep

func readHostedScript(t *testing.T) (steps hostedSteps) {
	t.Helper()
	script, err := os.ReadFile(hostedScript)
	if err != nil {
		t.Fatal(err)
	}
	for i, line := range strings.Split(string(script), "\n") {
		words := hostedWord.FindAllStringSubmatch(line, -1)
		if len(words) == 0 || hostedVerbs[words[0][1]] == nil {
			continue
		}
		step := hostedStep{line: i + 1, verb: words[0][1]}
		for _, word := range words[1:] {
			step.args = append(step.args, word[1]+word[2])
		}
		steps = append(steps, step)
	}
	if steps.calls() < 30 {
		t.Fatalf("only %d requests were found in %s", steps.calls(), hostedScript)
	}
	return steps
}

// calls is how many requests there are.
func (s hostedSteps) calls() (n int) {
	for _, step := range s {
		if step.verb == "call" {
			n++
		}
	}
	return n
}

// hostedReplay makes the script's requests without a shell.
type hostedReplay struct {
	t       *testing.T
	url     string
	line    int
	session string
	reply   string
	media   string
	header  string
}

func (s hostedSteps) replay(t *testing.T, url string) {
	r := &hostedReplay{t: t, url: url, media: "application/json"}
	for _, step := range s {
		r.line = step.line
		hostedVerbs[step.verb](r, step.args)
	}
}

func (r *hostedReplay) call(args []string) {
	method, path, status := args[0], r.filled(args[1]), args[2]
	body := strings.ReplaceAll(r.filled(strings.Join(args[3:], " ")), "BIG", strings.Repeat("0", 1_200_000))
	req, err := http.NewRequestWithContext(r.t.Context(), method, r.url+path, bytes.NewReader([]byte(body)))
	if err != nil {
		r.t.Fatal(err)
	}
	if r.media != "" {
		req.Header.Set("Content-Type", r.media)
	}
	if name, value, ok := strings.Cut(r.header, ": "); ok {
		req.Header.Set(name, value)
	}
	r.media, r.header = "application/json", ""
	res, err := http.DefaultClient.Do(req)
	if err != nil {
		r.t.Fatal(err)
	}
	defer res.Body.Close()
	reply, err := io.ReadAll(res.Body)
	if err != nil {
		r.t.Fatal(err)
	}
	if r.reply = string(reply); strconv.Itoa(res.StatusCode) != status {
		r.t.Errorf("line %d: status %d, want %s: %s", r.line, res.StatusCode, status, reply)
	}
}

func (r *hostedReplay) expect(args []string) {
	if want := r.filled(args[0]); !strings.Contains(r.reply, want) {
		r.t.Errorf("line %d: the reply is %s, want %s in it", r.line, r.reply, want)
	}
}

func (r *hostedReplay) keep([]string) {
	_, rest, _ := strings.Cut(r.reply, `"id":"`)
	if r.session, _, _ = strings.Cut(rest, `"`); r.session == "" {
		r.t.Fatalf("line %d: no id in %s", r.line, r.reply)
	}
}

func (r *hostedReplay) as(args []string)   { r.media = args[0] }
func (r *hostedReplay) with(args []string) { r.header = args[0] }

func (r *hostedReplay) filled(text string) string {
	return strings.ReplaceAll(text, "SESSION", r.session)
}
