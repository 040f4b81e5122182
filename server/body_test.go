package server_test

import (
	"bytes"
	"errors"
	"fmt"
	"net/http"
	"testing"

	"github.com/sentrial/sentrial-go/server"
)

// TestStalledBodiesHoldWhatCame: a little of a body does not make the server provide for all that may follow.
func TestStalledBodiesHoldWhatCame(t *testing.T) {
	for _, length := range []int64{-1, 1 << 20, 5 << 20} {
		for _, came := range []int{1, 256 << 10, 256<<10 + 1, 1 << 20} {
			if room := server.RoomFor(came, length); room > server.MaxPooled {
				t.Errorf("%d bytes of %d are held in %d", came, length, room)
			}
		}
	}
}

// TestBodiesAreReadWhole: whatever their size, and whatever is said of it.
func TestBodiesAreReadWhole(t *testing.T) {
	const most = 5 << 20
	for _, size := range []int{0, 1, 256<<10 - 1, 256 << 10, 256<<10 + 1, 512 << 10, 1<<20 + 7, most} {
		body := bytes.Repeat([]byte("0123456"), size/7+1)[:size]
		for _, length := range []int64{-1, int64(size), 0, 3, 300_000, most} {
			got, err := server.ReadAll(body, length)
			if err != nil || !bytes.Equal(got, body) {
				t.Errorf("%d bytes, said to be %d: %d came (%v)", size, length, len(got), err)
			}
		}
	}
	for _, length := range []int64{-1, 3, most} {
		_, err := server.ReadAll(make([]byte, most+1), length)
		if tooMany := new(http.MaxBytesError); !errors.As(err, &tooMany) {
			t.Error(fmt.Sprint("one byte too many, said to be ", length, ": "), err)
		}
	}
}
