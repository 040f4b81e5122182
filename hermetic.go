package sentrial

import (
	"errors"

	"github.com/sentrial/sentrial-go/internal/hermetic"
)

var errNoHosted = errors.New("WithProtocol: package sentrialtest takes the batch protocol only; leave ProtocolHosted out in tests")

func init() {
	hermetic.NewClient = func(options []any) (any, error) {
		cfg := defaultConfig()
		var opened hermetic.SpanOpened
		batchOnly := false
		for _, o := range options {
			switch o := o.(type) { // a nil option is no option
			case Option:
				o.applyClient(cfg)
			case hermetic.SpanOpened:
				opened = o
			case hermetic.BatchOnly:
				batchOnly = true
			}
		}
		if err := cfg.validate(); err != nil {
			return nil, err
		}
		if batchOnly && cfg.protocol == ProtocolHosted {
			return nil, errNoHosted
		}
		c := newClient(cfg)
		c.spans.opened = opened
		return c, nil
	}
}
