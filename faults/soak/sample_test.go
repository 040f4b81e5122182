package main

import (
	"strings"
	"testing"
)

const dump = `goroutine 1 [running]:
github.com/sentrial/sentrial-go/faults/soak.measure(0x1, 0x2)
	/src/github.com/sentrial/sentrial-go/faults/soak/sample.go:30 +0x1

goroutine 7 [select]:
github.com/sentrial/sentrial-go.(*transport).run(0x1)
	/src/transport.go:30 +0x1
created by github.com/sentrial/sentrial-go.newClient in goroutine 1
	/src/sentrial.go:60 +0x1

goroutine 8 [chan receive]:
runtime.gopark(0x1)
	/go/src/runtime/proc.go:1 +0x1
created by github.com/sentrial/sentrial-go/internal/jsonenc.aside in goroutine 7
	/src/internal/jsonenc/aside.go:60 +0x1

goroutine 9 [IO wait]:
net/http.(*persistConn).readLoop(0x1)
	/go/src/net/http/transport.go:1 +0x1
created by net/http.(*Transport).dialConn in goroutine 7
	/go/src/net/http/transport.go:2 +0x1
`

func TestGoroutinesAreCountedByWhoseTheyAre(t *testing.T) {
	if got, want := countGoroutines(dump), (goroutines{sdk: 2, connections: 1, others: 1}); got != want {
		t.Errorf("counted %+v, want %+v", got, want)
	}
}

func TestMoreGoroutinesThanAtFirstAreReported(t *testing.T) {
	s := &soak{samples: []sample{{events: 10, goroutines: goroutines{sdk: 2, connections: 4}}, {events: 20, goroutines: goroutines{sdk: 2}}}}
	if err := s.constant(); err != nil {
		t.Error(err)
	}
	s.samples = append(s.samples, sample{events: 30, goroutines: goroutines{sdk: 3}})
	if err := s.constant(); err == nil || !strings.Contains(err.Error(), "3 goroutines after 30 events") {
		t.Errorf("constant = %v, want the third sample", err)
	}
	s.samples = []sample{{goroutines: goroutines{sdk: mostAtRest + 1}}}
	if err := s.constant(); err == nil || !strings.Contains(err.Error(), "want 4 at most") {
		t.Errorf("constant = %v, want too many", err)
	}
}
