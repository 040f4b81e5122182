package main

import (
	"bufio"
	"bytes"
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"iter"
	"net/http"
	"os"
	"strings"
)

var model = cmp.Or(os.Getenv("OPENAI_MODEL"), "gpt-4o-mini")

// chunk is one event of the stream; the last one has the usage.
type chunk struct {
	Choices []struct {
		Delta        struct{ Content string }
		FinishReason string `json:"finish_reason"`
	}
	Usage struct {
		PromptTokens     int `json:"prompt_tokens"`
		CompletionTokens int `json:"completion_tokens"`
	}
}

// stream asks the model and gives the answer piece by piece. One that breaks off ends with an error.
func stream(ctx context.Context, question string) iter.Seq2[chunk, error] {
	return func(yield func(chunk, error) bool) {
		body, err := open(ctx, question)
		if err != nil {
			yield(chunk{}, err)
			return
		}
		defer body.Close()
		lines := bufio.NewScanner(body)
		for lines.Scan() {
			data, ok := strings.CutPrefix(lines.Text(), "data: ")
			if !ok {
				continue
			}
			if data == "[DONE]" {
				return
			}
			var c chunk
			if err := json.Unmarshal([]byte(data), &c); !yield(c, err) {
				return
			}
		}
		yield(chunk{}, cmp.Or(lines.Err(), io.ErrUnexpectedEOF))
	}
}

func open(ctx context.Context, question string) (io.ReadCloser, error) {
	body, err := json.Marshal(map[string]any{
		"model": model, "stream": true, "stream_options": map[string]bool{"include_usage": true},
		"messages": []map[string]string{{"role": "user", "content": question}},
	})
	if err != nil {
		return nil, err
	}
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, baseURL+"/chat/completions", bytes.NewReader(body))
	if err != nil {
		return nil, err
	}
	req.Header.Set("Content-Type", "application/json")
	req.Header.Set("Authorization", "Bearer "+os.Getenv("OPENAI_API_KEY"))
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		return nil, err
	}
	if resp.StatusCode != http.StatusOK {
		defer resp.Body.Close()
		return nil, fmt.Errorf("the model answered %s", resp.Status)
	}
	return resp.Body, nil
}
