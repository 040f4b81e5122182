package e2e_test

import (
	"bufio"
	"context"
	"fmt"
	"log"
	"os"
	"time"

	"github.com/sentrial/sentrial-go"
	"github.com/sentrial/sentrial-go/types"
)

// puppetChild has a client and a session and does what it is told, a word a line. It says the word when it is done.
var puppetChild = asChild("puppet", func() {
	client, err := sentrial.New()
	must(err)
	defer client.Close(context.Background())
	ctx, session := client.CreateSession(context.Background(), "puppet")
	p := &puppet{ctx: ctx, client: client, session: session}
	for words := bufio.NewScanner(os.Stdin); words.Scan(); {
		puppetDoes[words.Text()](p)
		fmt.Println(words.Text())
	}
})

type puppet struct {
	ctx     context.Context
	client  *sentrial.Client
	session *sentrial.Session
	tracked int
}

// perTrack is how many tool calls a puppet records at a time.
const perTrack = 20

var puppetDoes = map[string]func(*puppet){
	"track": func(p *puppet) {
		track(p.session, p.tracked, perTrack)
		p.tracked += perTrack
	},
	"flush": func(p *puppet) {
		ctx, cancel := context.WithTimeout(p.ctx, time.Minute)
		defer cancel()
		must(p.client.Flush(ctx))
	},
	"end": func(p *puppet) { p.session.Close(p.ctx, types.SessionResult{}) },

	"panic":           func(*puppet) { panic("the program broke") },
	"panic elsewhere": func(*puppet) { go panic("the program broke"); select {} },
	"log.Fatal":       func(*puppet) { log.Fatal("the program gave up") },
	"os.Exit":         func(*puppet) { os.Exit(3) },
}

// track records tool calls whose inputs count up from first.
func track(session *sentrial.Session, first, calls int) {
	for n := first; n < first+calls; n++ {
		session.TrackToolCall(context.Background(), types.ToolCall{ToolName: "count", ToolInput: n})
	}
}
