// Command fakellm is a server on this machine that answers as the providers of models do, so that agents and examples run without a key. It is no model:
// it asks for the first tool on offer and then says what the tool gave.
//
//	go run ./examples/fakellm
//	OPENAI_BASE_URL=http://127.0.0.1:11435/v1 OPENAI_API_KEY=none go run ./examples/streaming "Why is the sky blue?"
package main

import (
	"context"
	"flag"
	"fmt"
	"io"
	"log"
	"os"
	"os/signal"

	"github.com/sentrial/sentrial-go/sentrialtest/fakellm"
)

func main() {
	addr := flag.String("addr", "127.0.0.1:11435", "where to listen; port 0 takes a free one")
	flag.Parse()
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	if err := serve(ctx, *addr, os.Stdout); err != nil {
		log.Fatal(err)
	}
}

// serve answers until ctx is done.
func serve(ctx context.Context, addr string, out io.Writer) error {
	llm, err := fakellm.Start(fakellm.WithAddr(addr))
	if err != nil {
		return err
	}
	defer llm.Close()
	fmt.Fprintf(out, usage, llm.URL())
	<-ctx.Done()
	return nil
}

// usage names the variables that the providers' own clients read; %[1]s is the server.
const usage = `# This is no model. It speaks the wires of OpenAI, Anthropic, Gemini and Ollama, makes its answers up and takes any key.
export OPENAI_BASE_URL=%[1]s/v1
export OPENAI_API_KEY=none
export ANTHROPIC_BASE_URL=%[1]s
export ANTHROPIC_API_KEY=none
export GOOGLE_GEMINI_BASE_URL=%[1]s
export GEMINI_API_KEY=none
export OLLAMA_HOST=%[1]s
# Ctrl-C ends it.
`
