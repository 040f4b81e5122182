package server

import (
	"bytes"
	"sync"
)

// maxPooled is the size of the largest buffers that are pooled, and mediumBuffer of those that hold a body as it travels.
const (
	maxPooled    = 4 << 20
	mediumBuffer = 8 << 20
)

var (
	bufferPool    sync.Pool
	medium, large spares[bytes.Buffer]
)

// newBuffer returns an empty buffer with room for size bytes.
func newBuffer(size int) *bytes.Buffer {
	switch {
	case size > mediumBuffer:
		return spareBuffer(&large, size)
	case size > maxPooled:
		return spareBuffer(&medium, size)
	}
	buf, ok := bufferPool.Get().(*bytes.Buffer)
	if !ok {
		buf = new(bytes.Buffer)
	}
	buf.Grow(size)
	return buf
}

func spareBuffer(from *spares[bytes.Buffer], size int) *bytes.Buffer {
	if buf := from.take(); buf != nil && buf.Cap() >= size {
		return buf
	}
	return bytes.NewBuffer(make([]byte, 0, size))
}

// recycle keeps a buffer for the next request.
func recycle(buf *bytes.Buffer) {
	switch buf.Reset(); {
	case buf.Cap() > mediumBuffer:
		large.give(buf)
	case buf.Cap() > maxPooled:
		medium.give(buf)
	default:
		bufferPool.Put(buf)
	}
}
