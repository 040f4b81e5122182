package server

import (
	"sync"
	"weak"
)

// spares are large things for the next request that needs one, the last used first, unless the garbage collector comes before. Without them, who
// sends one large body after the other has us hold several that are garbage; kept for good they would be memory that is hardly ever needed again.
type spares[T any] struct {
	mu   sync.Mutex
	kept []weak.Pointer[T]
}

// maxSpares is how many are remembered.
const maxSpares = 16

// take returns one, nil if none is left.
func (s *spares[T]) take() *T {
	s.mu.Lock()
	defer s.mu.Unlock()
	for len(s.kept) > 0 {
		last := s.kept[len(s.kept)-1].Value()
		if s.kept = s.kept[:len(s.kept)-1]; last != nil {
			return last
		}
	}
	return nil
}

func (s *spares[T]) give(v *T) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if len(s.kept) < maxSpares {
		s.kept = append(s.kept, weak.Make(v))
	}
}
