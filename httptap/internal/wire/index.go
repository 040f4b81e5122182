package wire

import (
	"sync"

	"github.com/sentrial/sentrial-go/internal/jsonindex"
)

// indexes are used again and again, for requests and replies are many and most are short.
var indexes = sync.Pool{New: func() any { return new(jsonindex.Index) }}

// maxIndexed is how many values an index may have had that is used again: it keeps the room for as many.
const maxIndexed = 4 << 10

func newIndex() *jsonindex.Index { return indexes.Get().(*jsonindex.Index) }

func freeIndex(x *jsonindex.Index) {
	if x.Size() <= maxIndexed {
		x.Clear()
		indexes.Put(x)
	}
}
