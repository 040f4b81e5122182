package main

import (
	"bufio"
	"bytes"
	"compress/gzip"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"iter"
	"os"
	"time"
)

// trajectory is one agent run of the file: what was said and done, in order, and how it was judged.
type trajectory struct {
	TaskID any       `json:"task_id"`
	Trial  any       `json:"trial"`
	Reward *float64  `json:"reward"` // nil = not judged
	Turns  []message `json:"traj"`
}

// message is one turn in the OpenAI chat form.
type message struct {
	Role       string     `json:"role"` // system, user, assistant, tool
	Content    text       `json:"content"`
	Name       string     `json:"name"`         // role tool: which one
	ToolCallID string     `json:"tool_call_id"` // role tool: the call it answers
	ToolCalls  []toolCall `json:"tool_calls"`   // role assistant
}

type toolCall struct {
	ID       string `json:"id"`
	Function struct {
		Name      string `json:"name"`
		Arguments string `json:"arguments"` // JSON, as far as the model got it right
	} `json:"function"`
}

// text is the content of a message: null is empty, and what is no string stays the JSON it is.
type text string

func (t *text) UnmarshalJSON(data []byte) error {
	if data[0] == '"' || bytes.Equal(data, []byte("null")) {
		return json.Unmarshal(data, (*string)(t))
	}
	*t = text(data)
	return nil
}

// source is a file of trajectories.
type source struct {
	path    string
	name    string    // part of the ids
	modTime time.Time // stands in for the times that the file does not have
}

// runs reads the trajectories one by one, so that the file may be larger than the memory. The sequence ends at the first error.
func (s source) runs() iter.Seq2[*trajectory, error] {
	return func(yield func(*trajectory, error) bool) {
		file, err := os.Open(s.path)
		if err != nil {
			yield(nil, err)
			return
		}
		defer file.Close()
		for run, err := range readTrajectories(file) {
			if err != nil {
				err = fmt.Errorf("%s: %w", s.path, err)
			}
			if !yield(run, err) {
				return
			}
		}
	}
}

// readTrajectories reads a JSON array of trajectories, gzipped or not.
func readTrajectories(r io.Reader) iter.Seq2[*trajectory, error] {
	return func(yield func(*trajectory, error) bool) {
		plain, err := gunzipped(r)
		if err != nil {
			yield(nil, err)
			return
		}
		dec := json.NewDecoder(plain)
		if err := expect(dec, '['); err != nil {
			yield(nil, err)
			return
		}
		for n := 0; dec.More(); n++ {
			run, err := decodeRun(dec)
			if err != nil {
				err = fmt.Errorf("run %d: %w", n, err)
			}
			if !yield(run, err) || err != nil {
				return
			}
		}
		if err := finish(dec); err != nil {
			yield(nil, err)
		}
	}
}

// gunzipped looks at the first two bytes: file names lie more often.
func gunzipped(r io.Reader) (io.Reader, error) {
	buffered := bufio.NewReader(r)
	if magic, _ := buffered.Peek(2); !bytes.Equal(magic, []byte{0x1f, 0x8b}) {
		return buffered, nil
	}
	plain, err := gzip.NewReader(buffered)
	if err != nil {
		return nil, fmt.Errorf("gzip: %w", err)
	}
	return plain, nil
}

func decodeRun(dec *json.Decoder) (*trajectory, error) {
	var run *trajectory
	if err := dec.Decode(&run); err != nil {
		return nil, err
	}
	if run == nil || run.Turns == nil {
		return nil, errors.New(`want an object with "traj", the messages of the run`)
	}
	return run, nil
}

func expect(dec *json.Decoder, want json.Delim) error {
	token, err := dec.Token()
	if err != nil {
		return fmt.Errorf("want a JSON array of runs: %w", err)
	}
	if token != want {
		return fmt.Errorf("want a JSON array of runs, got %v where %v should be", token, want)
	}
	return nil
}

// finish makes sure that the array is closed and that nothing comes after it: a cut file must not pass for a short one.
func finish(dec *json.Decoder) error {
	if err := expect(dec, ']'); err != nil {
		return err
	}
	token, err := dec.Token()
	switch {
	case errors.Is(err, io.EOF):
		return nil
	case err != nil:
		return fmt.Errorf("want nothing after the array of runs: %w", err)
	}
	return fmt.Errorf("want nothing after the array of runs, got %v", token)
}
