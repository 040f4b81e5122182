package histogram

import (
	"encoding/binary"
	"errors"
	"math"
)

// version begins every encoded histogram. Another one means other bounds.
const version = 1

var errEncoding = errors.New("histogram: not an encoded histogram")

// Append encodes h behind out: the version, then for each bucket in use how far its index lies behind that of the one before, and its count, as varints.
// An empty histogram is no bytes at all. Counts below zero are left out.
func (h *Histogram) Append(out []byte) []byte {
	last, begun := 0, false
	for _, b := range h.buckets {
		if b.count < 0 {
			continue
		}
		if !begun {
			out, begun = append(out, version), true
		}
		out = binary.AppendUvarint(out, uint64(b.index-last))
		out = binary.AppendUvarint(out, uint64(b.count))
		last = b.index
	}
	return out
}

// Decode reads what Append wrote. It takes no more memory than there are buckets, whatever the bytes.
func Decode(data []byte) (*Histogram, error) {
	h := new(Histogram)
	return h, h.MergeEncoded(data)
}

// MergeEncoded adds an encoded histogram, as Decode and Merge would.
func (h *Histogram) MergeEncoded(data []byte) error {
	if len(data) == 0 {
		return nil
	}
	if data[0] != version {
		return errEncoding
	}
	index := 0
	for rest := data[1:]; ; {
		step, n := binary.Uvarint(rest)
		if n <= 0 || step >= uint64(len(bounds)-index) || step == 0 && len(rest) != len(data)-1 {
			return errEncoding
		}
		count, m := binary.Uvarint(rest[n:])
		if m <= 0 || count == 0 || count > math.MaxInt64 {
			return errEncoding
		}
		index += int(step)
		h.put(index, int64(count))
		if rest = rest[n+m:]; len(rest) == 0 {
			return nil
		}
	}
}
