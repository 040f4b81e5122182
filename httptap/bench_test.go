package httptap_test

import (
	"bytes"
	"context"
	"io"
	"net/http"
	"strings"
	"testing"

	sentrial "github.com/sentrial/sentrial-go"
	"github.com/sentrial/sentrial-go/httptap"
)

// benched gives a context with a session of a client that delivers to nowhere in particular.
func benched(b *testing.B) (*sentrial.Client, context.Context) {
	b.Helper()
	client, err := sentrial.New(sentrial.WithAPIURL("http://127.0.0.1"), sentrial.WithProtocol(sentrial.ProtocolBatch), sentrial.WithHTTPClient(&http.Client{Transport: roundTripper(
		func(req *http.Request) (*http.Response, error) {
			drain(req.Body)
			return jsonReply(http.StatusServiceUnavailable, ""), nil
		})}), sentrial.WithOverflow(sentrial.DropOldest), sentrial.WithCloseTimeout(1))
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() { _ = client.Close(context.Background()) })
	ctx, _ := client.CreateSession(b.Context(), "bench")
	return client, ctx
}

// BenchmarkOtherRequest is what a request costs that is no call of a model.
func BenchmarkOtherRequest(b *testing.B) {
	client, ctx := benched(b)
	res := jsonReply(http.StatusOK, "")
	base := roundTripper(func(*http.Request) (*http.Response, error) { return res, nil })
	for name, rt := range map[string]http.RoundTripper{"plain": base, "tapped": httptap.Transport(client, base)} {
		b.Run(name, func(b *testing.B) {
			req := request(ctx, "https://example.com/v1/orders/17", "x")
			b.ReportAllocs()
			for b.Loop() {
				_, _ = rt.RoundTrip(req)
			}
		})
	}
}

// rewound is a body that is read again and again.
type rewound struct{ bytes.Reader }

func (*rewound) Close() error { return nil }

// BenchmarkStream reads a stream of 2,000 tokens in pieces of 4 KiB, as they come over a fast line.
func BenchmarkStream(b *testing.B) {
	client, ctx := benched(b)
	text := []byte(streamed(strings.Split(strings.Repeat("token|", 2000), "|")...))
	base := roundTripper(func(*http.Request) (*http.Response, error) {
		res, body := sseReply(""), new(rewound)
		body.Reset(text)
		res.Body = body
		return res, nil
	})
	buf := make([]byte, 4<<10)
	for name, rt := range map[string]http.RoundTripper{"plain": base, "tapped": httptap.Transport(client, base)} {
		b.Run(name, func(b *testing.B) {
			b.SetBytes(int64(len(text)))
			b.ReportAllocs()
			for b.Loop() {
				res, err := rt.RoundTrip(request(ctx, chatURL, asked))
				if err != nil {
					b.Fatal(err)
				}
				for err == nil {
					_, err = res.Body.Read(buf)
				}
				_ = res.Body.Close()
			}
			if name == "tapped" {
				b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/float64(len(text))*1024, "ns/KB")
			}
		})
	}
}

// BenchmarkCall is a short question and a short answer.
func BenchmarkCall(b *testing.B) {
	client, ctx := benched(b)
	base := answeringAlways(replied)
	for name, rt := range map[string]http.RoundTripper{"plain": base, "tapped": httptap.Transport(client, base)} {
		b.Run(name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				res, err := rt.RoundTrip(request(ctx, chatURL, asked))
				if err != nil {
					b.Fatal(err)
				}
				_, _ = io.Copy(io.Discard, res.Body)
				_ = res.Body.Close()
			}
		})
	}
}

func answeringAlways(body string) roundTripper {
	return func(req *http.Request) (*http.Response, error) {
		drain(req.Body)
		return jsonReply(http.StatusOK, body), nil
	}
}
