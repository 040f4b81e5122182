package sentrial_test

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"log"
	"os"
	"os/exec"
	"strings"
	"testing"
	"time"

	"github.com/sentrial/sentrial-go"
	"github.com/sentrial/sentrial-go/internal/faultsink"
	"github.com/sentrial/sentrial-go/types"
)

// puppetURL names the variable that makes this binary a puppet instead of a test, with that server.
const puppetURL = "HOSTED_PUPPET_URL"

// puppetInterval names the variable of its flush interval.
const puppetInterval = "HOSTED_PUPPET_INTERVAL"

// init becomes the puppet before the testing package looks at the arguments.
func init() {
	if url := os.Getenv(puppetURL); url != "" {
		newPuppet(url).obey(os.Stdin)
		os.Exit(0)
	}
}

// puppet is a program on the hosted wire. It has a session, and does what it is told, a word a line; each is answered by a line.
type puppet struct {
	client  *sentrial.Client
	session *sentrial.Session
	ctx     context.Context
}

func newPuppet(url string) *puppet {
	interval, err := time.ParseDuration(os.Getenv(puppetInterval))
	if err != nil {
		log.Fatal(err)
	}
	client, err := sentrial.New(sentrial.WithAPIURL(url), sentrial.WithProtocol(sentrial.ProtocolHosted), sentrial.WithFlushInterval(interval), sentrial.WithCloseTimeout(patience))
	if err != nil {
		log.Fatal(err)
	}
	p := &puppet{client: client}
	p.ctx, p.session = client.CreateSession(context.Background(), "puppet")
	return p
}

func (p *puppet) obey(words io.Reader) {
	defer p.client.Close(context.Background())
	for lines := bufio.NewScanner(words); lines.Scan(); {
		fmt.Println(p.does(lines.Text()))
	}
}

// does says what came of it: for track the ids, with spaces between them.
func (p *puppet) does(word string) any {
	switch word {
	case "track":
		var ids []string
		for i := range perPuppetTrack {
			ids = append(ids, p.session.TrackToolCall(p.ctx, types.ToolCall{ToolName: "count", ToolInput: i}))
		}
		return strings.Join(ids, " ")
	case "flush":
		return p.client.Flush(p.ctx)
	case "end":
		p.session.Close(p.ctx, types.SessionResult{})
	case "close":
		return p.client.Close(p.ctx)
	case "dropped":
		return p.client.Stats().Dropped
	case "exit":
		os.Exit(3)
	case "fatal":
		log.Fatal("the program gave up")
	case "panic":
		panic("the program broke")
	case "panic elsewhere":
		go panic("the program broke")
		select {}
	}
	return "done"
}

// perPuppetTrack is how many events a puppet records at a time.
const perPuppetTrack = 20

// strings are how a test moves a puppet.
type puppetStrings struct {
	*exec.Cmd

	t     *testing.T
	words io.Writer
	lines *bufio.Scanner
	ids   []string
}

// startPuppet starts a puppet of the sink's server.
func startPuppet(t *testing.T, server *faultsink.Server, interval time.Duration) *puppetStrings {
	t.Helper()
	p := &puppetStrings{Cmd: exec.CommandContext(t.Context(), os.Args[0]), t: t}
	p.Env = append(withoutProxies(os.Environ()), puppetURL+"="+server.URL(), puppetInterval+"="+interval.String())
	words, err := p.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	lines, err := p.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	p.words, p.lines = words, bufio.NewScanner(lines)
	if err := p.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = p.Wait() }) // it is killed when the test ends
	return p
}

// tell is a word that is not waited for.
func (p *puppetStrings) tell(word string) {
	p.t.Helper()
	if _, err := fmt.Fprintln(p.words, word); err != nil {
		p.t.Fatal(err)
	}
}

// does returns what the puppet says to a word.
func (p *puppetStrings) does(word string) string {
	p.t.Helper()
	p.tell(word)
	return p.hears(word)
}

func (p *puppetStrings) hears(word string) string {
	p.t.Helper()
	if !p.lines.Scan() {
		p.t.Fatalf("the puppet says nothing to %q", word)
	}
	return p.lines.Text()
}

// track makes the puppet record, and keeps the ids.
func (p *puppetStrings) track() {
	p.t.Helper()
	p.ids = append(p.ids, strings.Fields(p.does("track"))...)
}

// flushed wants a flush that succeeds.
func (p *puppetStrings) flushed() {
	p.t.Helper()
	if said := p.does("flush"); said != "<nil>" {
		p.t.Errorf("Flush: %s", said)
	}
}

// ends waits for the end of the process, and gives its exit code.
func (p *puppetStrings) ends() int {
	_ = p.Wait() // the exit code says it
	return p.ProcessState.ExitCode()
}
