package openai

import (
	"bytes"
	"encoding/json"
	"io"
	"net/http"
	"strings"

	"github.com/openai/openai-go/v3/option"
)

// WithStreamUsage asks for the tokens of streamed chat completions, which are not told otherwise: it sets stream_options.include_usage in requests that stream
// and have no stream_options. It changes what is sent, so WithTracking never does it by itself. The program sees one chunk more, the last, which has the usage and
// no choices: one that reads Choices[0] of every chunk must look first whether there is any.
//
// Where requests are made, params.StreamOptions does the same. The Responses API tells its tokens without being asked.
func WithStreamUsage() option.RequestOption {
	return option.WithMiddleware(func(req *http.Request, next option.MiddlewareNext) (*http.Response, error) {
		if !strings.HasSuffix(req.URL.Path, "/chat/completions") || req.Body == nil {
			return next(req)
		}
		body, err := io.ReadAll(req.Body)
		_ = req.Body.Close() // it is replaced
		if err != nil {
			return nil, err
		}
		setBody(req, askForUsage(body))
		return next(req)
	})
}

// askForUsage gives body with stream_options, or body itself if it is no request to stream or has options already.
func askForUsage(body []byte) []byte {
	var members map[string]json.RawMessage
	if json.Unmarshal(body, &members) != nil || string(members["stream"]) != "true" || members["stream_options"] != nil {
		return body
	}
	members["stream_options"] = json.RawMessage(`{"include_usage":true}`)
	changed, err := json.Marshal(members)
	if err != nil {
		return body
	}
	return changed
}

func setBody(req *http.Request, body []byte) {
	req.ContentLength = int64(len(body))
	req.GetBody = func() (io.ReadCloser, error) { return io.NopCloser(bytes.NewReader(body)), nil }
	req.Body, _ = req.GetBody()
}
