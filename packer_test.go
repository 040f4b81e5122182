package sentrial_test

import (
	"bytes"
	"compress/gzip"
	"io"
	"testing"
	"testing/synctest"

	"github.com/klauspost/compress/zstd"

	"github.com/sentrial/sentrial-go"
)

func pack(t *testing.T, mode sentrial.Compression, records [][]byte) []byte {
	t.Helper()
	body, err := sentrial.NewBodyMaker(mode).Pack(records)
	if err != nil {
		t.Fatal(err)
	}
	return body
}

func gunzip(t *testing.T, body []byte) []byte {
	t.Helper()
	r, err := gzip.NewReader(bytes.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	plain, err := io.ReadAll(r)
	if err != nil {
		t.Fatal(err)
	}
	return plain
}

func unzstd(t *testing.T, body []byte) []byte {
	t.Helper()
	r, err := zstd.NewReader(nil)
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	plain, err := r.DecodeAll(body, nil)
	if err != nil {
		t.Fatal(err)
	}
	return plain
}

// TestBodiesAreTheSameInEachEncoding: of many pieces, of a few, and of one.
func TestBodiesAreTheSameInEachEncoding(t *testing.T) {
	records := mixedRecords()
	synctest.Test(t, func(t *testing.T) { // where sent_at stands still
		for _, n := range []int{1, 2, 50, len(records)} {
			plain := pack(t, sentrial.CompressionNone, records[:n])
			want := sentrial.NewBodyMaker(sentrial.CompressionNone).JSON(nil, records[:n])
			if !bytes.Equal(plain, want) {
				t.Errorf("%d events: %d bytes without compression, want %d", n, len(plain), len(want))
			}
			if got := gunzip(t, pack(t, sentrial.CompressionGzip, records[:n])); !bytes.Equal(got, want) {
				t.Errorf("%d events: %d bytes of gzip, want %d", n, len(got), len(want))
			}
			if got := unzstd(t, pack(t, sentrial.CompressionZstd, records[:n])); !bytes.Equal(got, want) {
				t.Errorf("%d events: %d bytes of zstd, want %d", n, len(got), len(want))
			}
		}
	})
}
