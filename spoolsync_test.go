package sentrial_test

import (
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/sentrial/sentrial-go"
	"github.com/sentrial/sentrial-go/types"
)

// TestSpoolSyncOfDeliveredFiles: a file that was delivered and removed before its turn to be synced came is no trouble of the disk.
func TestSpoolSyncOfDeliveredFiles(t *testing.T) {
	log := new(logged)
	client := spoolClient(t, newScript(t), t.TempDir(), sentrial.WithSpoolSync(0), sentrial.WithBatchBytes(256), sentrial.WithFlushInterval(time.Millisecond),
		sentrial.WithOverflow(sentrial.Block), sentrial.WithLogger(log.logger()))
	s := client.Session("s")
	var all sync.WaitGroup
	for range 8 {
		all.Go(func() {
			for range 100 {
				s.TrackStep(t.Context(), types.Step{Name: "n"})
			}
		})
	}
	all.Wait()
	flush(t, client)
	checkStats(t, client, 800, 0, nothing)
	if lines := strings.Join(log.lines(), "\n"); strings.Contains(lines, "trouble") {
		t.Errorf("logged %s", lines)
	}
}
