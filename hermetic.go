package sentrial

import "github.com/sentrial/sentrial-go/internal/hermetic"

func init() {
	hermetic.NewClient = func(options []any) (any, error) {
		cfg := defaultConfig()
		for _, o := range options {
			if o, ok := o.(Option); ok { // a nil option is no option
				o.applyClient(cfg)
			}
		}
		if err := cfg.validate(); err != nil {
			return nil, err
		}
		return newClient(cfg), nil
	}
}
