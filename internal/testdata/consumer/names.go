package consumer

import (
	"context"
	"slices"

	"github.com/sentrial/sentrial-go"
	"github.com/sentrial/sentrial-go/types"
)

// Preset is how a platform team hands its options to all of its agents.
type Preset struct {
	Client  []sentrial.Option
	Session []sentrial.SessionOption
	Tool    []sentrial.ToolOption
	LLM     []sentrial.LLMOption
	Step    []sentrial.StepOption
	Error   []sentrial.ErrorOption
}

// ForAll adds an option to every kind of call that takes it.
func (p *Preset) ForAll(option sentrial.AnyOption) {
	p.Session = append(p.Session, option)
	p.forEvents(option)
}

func (p *Preset) forEvents(option sentrial.EventOption) {
	p.Tool = append(p.Tool, option)
	p.LLM = append(p.LLM, option)
	p.Step = append(p.Step, option)
	p.Error = append(p.Error, option)
}

// Safe is what a redactor and hooks look like to a platform team that makes them.
func Safe(redactor sentrial.Redactor, hooks ...sentrial.Hook) Preset {
	preset := Preset{Client: []sentrial.Option{sentrial.WithRedactor(redactor)}}
	for _, hook := range hooks {
		_, start := hook.(sentrial.StartHook)
		_, end := hook.(sentrial.EndHook)
		_, client := hook.(sentrial.ClientHook)
		if start || end || client {
			preset.Client = append(preset.Client, sentrial.WithHook(hook))
		}
	}
	return preset
}

// Delivery chooses among everything that the client can do when the server is slow.
type Delivery struct {
	Overflow    sentrial.Overflow
	Compression sentrial.Compression
	Protocol    sentrial.Protocol
}

// Options are the client's options for a delivery.
func (d Delivery) Options() []sentrial.Option {
	return []sentrial.Option{sentrial.WithOverflow(d.Overflow), sentrial.WithCompression(d.Compression), sentrial.WithProtocol(d.Protocol)}
}

// Deliveries are those that this version of the client accepts.
func Deliveries() (all []Delivery) {
	for _, overflow := range []sentrial.Overflow{sentrial.DropOldest, sentrial.DropNewest, sentrial.Block} {
		for _, compression := range []sentrial.Compression{
			sentrial.CompressionAuto, sentrial.CompressionNone, sentrial.CompressionGzip, sentrial.CompressionZstd,
		} {
			all = append(all, Delivery{overflow, compression, sentrial.ProtocolAuto}, Delivery{overflow, compression, sentrial.ProtocolBatch})
		}
	}
	return all
}

// Alarming says whether an operator should be woken for a loss: the server or the network has trouble, or our own limits are too low.
func Alarming(reason sentrial.DropReason) bool {
	switch reason {
	case sentrial.DropOverflow, sentrial.DropPoison, sentrial.DropUncertain, sentrial.DropSpoolEvicted, sentrial.DropSpoolCorrupt:
		return true
	case sentrial.DropTooLarge, sentrial.DropRejected, sentrial.DropInvalid, sentrial.DropSampled, sentrial.DropClosed:
		return false
	default:
		return true
	}
}

// Content says whether events of a type say something about the work, rather than about the session around it.
func Content(kind types.EventType) bool {
	return slices.Contains([]types.EventType{
		types.EventToolCall, types.EventDecision, types.EventLLMCall, types.EventError, types.EventStep, types.EventFeedback,
	}, kind) && !slices.Contains([]types.EventType{types.EventSessionStart, types.EventSessionUpdate, types.EventSessionEnd}, kind)
}

// Over says whether nothing more will happen to what has a status.
func Over(status types.Status) bool {
	switch status {
	case types.StatusSuccess, types.StatusError, types.StatusCancelled, types.StatusAbandoned, types.StatusUnknown:
		return true
	case types.StatusRunning, types.StatusActive:
		return false
	default:
		return false
	}
}

// Open holds what an agent has begun and not ended, to end all of it in one place.
type Open struct {
	Tools []*sentrial.ToolSpan
	LLMs  []*sentrial.LLMSpan
	Steps []*sentrial.StepSpan
}

// End ends everything, innermost first.
func (o *Open) End(err error) {
	for _, llm := range o.LLMs {
		llm.End(err)
	}
	for _, tool := range o.Tools {
		tool.End(err)
	}
	for _, step := range o.Steps {
		step.End(err)
	}
}

// Forward copies a session from one carrier to another, as a proxy does.
func Forward(ctx context.Context, client *sentrial.Client, from, into sentrial.Carrier) {
	sentrial.Inject(client.Extract(ctx, from), into)
}
