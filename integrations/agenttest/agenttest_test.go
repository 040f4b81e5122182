package agenttest_test

import (
	"context"
	"net/http"
	"testing"

	"github.com/sentrial/sentrial-go"
	"github.com/sentrial/sentrial-go/adapter"
	"github.com/sentrial/sentrial-go/httptap"
	"github.com/sentrial/sentrial-go/integrations/agenttest"
	"github.com/sentrial/sentrial-go/sentrialtest/fakellm"
	"github.com/sentrial/sentrial-go/types"
)

// The script without any framework: what package adapter records is what expected.json says.
func TestPlain(t *testing.T) {
	run(t, "plain", agenttest.Plain)
}

// What httptap reads from the wire is the same.
func TestTransport(t *testing.T) {
	run(t, "httptap", func(baseURL string, client *sentrial.Client) agenttest.Agent {
		return agenttest.PlainThrough(baseURL, nil, tapped(client))
	})
}

// So it is when both see each call, and inside of sentrial.LLM all three.
func TestNested(t *testing.T) {
	run(t, "nested", func(baseURL string, client *sentrial.Client) agenttest.Agent {
		return agenttest.PlainThrough(baseURL, client, tapped(client))
	})
}

// An integration that records tools is asked to.
func TestToolCaller(t *testing.T) {
	run(t, "tools", func(baseURL string, client *sentrial.Client) agenttest.Agent {
		return &toolCaller{agenttest.Plain(baseURL, client), adapter.New(client, nil)}
	})
}

// Where the program tries again, each try is an event, but inside of sentrial.LLM.
func TestRetriesApart(t *testing.T) {
	run(t, "once", agenttest.PlainOnce, agenttest.RetriesApart)
}

func run(t *testing.T, name string, open func(baseURL string, client *sentrial.Client) agenttest.Agent, lacks ...string) {
	t.Helper()
	agenttest.Run(t, agenttest.Driver{
		Name: name, Lacks: append(lacks, agenttest.PlainLacks...),
		Open: func(_ *testing.T, baseURL string, client *sentrial.Client) agenttest.Agent {
			return open(baseURL, client)
		},
	})
}

func tapped(client *sentrial.Client) *http.Client {
	return &http.Client{Transport: httptap.Transport(client, nil)}
}

type toolCaller struct {
	agenttest.Agent

	recorder *adapter.Recorder
}

func (c *toolCaller) CallTool(
	ctx context.Context, call fakellm.ToolCall, run func(ctx context.Context, arguments string) (string, error),
) (output string, err error) {
	ctx, recorded := c.recorder.Tool(ctx, types.ToolCall{ToolName: call.Name, CallID: call.ID, ToolInput: call.Arguments})
	defer func() { recorded.End(err) }()
	output, err = run(ctx, call.Arguments.(string))
	if err == nil {
		recorded.ToolOutput = output
	}
	return output, err
}
