package e2e_test

import (
	"context"
	"fmt"
	"os"
	"os/signal"
	"path/filepath"
	"syscall"
	"testing"

	"github.com/sentrial/sentrial-go/server"
	"github.com/sentrial/sentrial-go/server/store/sqlite"
)

// crampedChild is a server whose files may not grow beyond 3 MiB until it is told that there is room.
var crampedChild = asChild("cramped", func() {
	signal.Ignore(syscall.SIGXFSZ) // writing fails instead
	limit(3 << 20)
	ctx, stop := context.WithCancel(context.Background())
	db, err := sqlite.Open(ctx, os.Getenv(fileEnv))
	must(err)
	s, err := server.New(server.Config{Store: db})
	must(err)
	ln, err := server.Listen(ctx, "127.0.0.1:0")
	must(err)
	fmt.Println("http://" + ln.Addr().String())
	go func() {
		_, _ = fmt.Scanln()
		limit(1 << 40)
		fmt.Println("room")
		_, _ = fmt.Scanln()
		stop()
	}()
	must(s.Serve(ctx, ln))
	must(db.Close())
})

// limit bounds the size of the files that this process writes.
func limit(bytes uint64) {
	var l syscall.Rlimit
	must(syscall.Getrlimit(syscall.RLIMIT_FSIZE, &l))
	l.Cur = min(bytes, l.Max)
	must(syscall.Setrlimit(syscall.RLIMIT_FSIZE, &l))
}

// TestRow82NoRoom fills a server's file until nothing more goes in: what was acknowledged is there, what was not may come again later.
func TestRow82NoRoom(t *testing.T) {
	file := filepath.Join(t.TempDir(), "s.db")
	cramped := child(t, crampedChild, ingestion{})
	cramped.set(fileEnv, file)
	running := cramped.start(t)
	to := ingestion{running.hear(t)}
	stored, full := 0, 0
	for full < 5 {
		switch got := offer(t, to.url, someEvents(fmt.Sprint("b", stored, "."), 10, 3000)); got {
		case taken:
			stored++
		case refused:
			full++
		default:
			t.Fatalf("after %d batches: %+v, want %+v or %+v", stored, got, taken, refused)
		}
		if stored > 1000 {
			t.Fatal("there is no end to the room")
		}
	}
	if n := len(to.stored(t, "s")); n != 10*stored || stored == 0 {
		t.Errorf("%d events are stored, %d batches of 10 were acknowledged", n, stored)
	}
	running.tell(t, "")
	running.expect(t, "room")
	if got := offer(t, to.url, someEvents(fmt.Sprint("b", stored, "."), 10, 3000)); got != taken {
		t.Errorf("with room again: %+v", got)
	}
	if s := to.onlySession(t); s.Events != 10*(stored+1) || len(to.stored(t, "s")) != 10*(stored+1) {
		t.Errorf("the session counts %d events, %d are stored, want %d", s.Events, len(to.stored(t, "s")), 10*(stored+1))
	}
	running.tell(t, "")
	if end := running.end(t); end.code != 0 {
		t.Errorf("it ended with %+v", end)
	}
}
