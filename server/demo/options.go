package demo

import (
	"cmp"
	"context"
	"io"
	"os"

	"github.com/sentrial/sentrial-go/server/demo/chat"
)

// DefaultQuestion is asked when Options.Question is empty. It needs every kind of step: a guess that fails, a second try, a count, a calculation.
const DefaultQuestion = "How is this repository organised, and how big is its average Go file?"

// Options of Run. The zero value asks DefaultQuestion about the repository around the working directory and keeps nothing.
type Options struct {
	Question string // default DefaultQuestion
	Dir      string // the tree the tools may read; default Repository(".")
	DBPath   string // the SQLite file to store into, made if missing, kept afterwards; empty = a temporary one
	UserID   string // whose session it is; default "demo"

	// Model is the OpenAI-compatible endpoint that plans; the zero value means the built-in stand-in. See ModelFromEnv.
	Model chat.Endpoint

	// Interactive keeps the server up after the answer, until ctx ends.
	Interactive bool

	// Show prints the recorded session, asked from the server at apiURL; nil = nothing is shown.
	Show func(ctx context.Context, apiURL, sessionID string) error

	Program string    // how hints call the CLI; default "sentrial"
	Stdout  io.Writer // default os.Stdout: the answer, where to look next
	Stderr  io.Writer // default os.Stderr: what runs where
}

// ModelFromEnv reads OPENAI_BASE_URL, OPENAI_API_KEY and OPENAI_MODEL. Only the first one selects an endpoint: the agent sends it what it reads from
// the directory, which a key lying in the environment is no consent to.
func ModelFromEnv() chat.Endpoint {
	base := os.Getenv("OPENAI_BASE_URL")
	if base == "" {
		return chat.Endpoint{}
	}
	return chat.Endpoint{BaseURL: base, APIKey: os.Getenv("OPENAI_API_KEY"), Model: os.Getenv("OPENAI_MODEL")}
}

func (o *Options) setDefaults() {
	o.Question = cmp.Or(o.Question, DefaultQuestion)
	o.Dir = cmp.Or(o.Dir, Repository("."))
	o.UserID = cmp.Or(o.UserID, "demo")
	o.Program = cmp.Or(o.Program, "sentrial")
	if o.Stdout == nil {
		o.Stdout = os.Stdout
	}
	if o.Stderr == nil {
		o.Stderr = os.Stderr
	}
}
