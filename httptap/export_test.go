package httptap

import (
	"github.com/sentrial/sentrial-go/httptap/internal/wire"
	"github.com/sentrial/sentrial-go/types"
)

// MaxHeld, Grace and Parting bound calls that wait to be tried again.
const (
	MaxHeld      = maxHeld
	MaxHeldBytes = maxHeldBytes
	Grace        = grace
	Parting      = parting
)

// Panicking makes reading a reply panic at its nth piece, or, with 0, at its end.
func Panicking(nth int) Option {
	return optionFunc(func(c *config) {
		c.answer = func(*wire.Wire, int, string, int) answer { return &panicking{left: nth} }
	})
}

type panicking struct{ left int }

func (p *panicking) Write(b []byte) (int, error) {
	if p.left--; p.left == 0 {
		panic("a piece too many")
	}
	return len(b), nil
}

func (*panicking) Begun() bool                 { return false }
func (*panicking) Ended() bool                 { return false }
func (*panicking) Finish(*types.LLMCall) error { panic("no end") }

// Held tells how many clients have calls that wait, which is none when nothing leaks.
func Held() int {
	held.mu.Lock()
	defer held.mu.Unlock()
	return len(held.clients)
}
