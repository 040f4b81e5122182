package sentrial

// prepare makes the next slab before a caller needs it, so that the page faults of fresh memory are the sender's. With a spool, files are made ready instead.
func (b *batcher) prepare() {
	if !b.claimSpare() {
		return
	}
	mem := make([]byte, b.slabs.slabBytes)
	for i := 0; i < len(mem); i += pageBytes {
		mem[i] = 0
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	b.slabs.spare = append(b.slabs.spare, mem)
}

// pageBytes is the smallest page of any system.
const pageBytes = 4096

// claimSpare tells whether there should be a spare slab and is none, and counts it. In a queue that is half full memory is made when it is needed, so that a claim is
// never in the way of an event.
func (b *batcher) claimSpare() bool {
	b.mu.Lock()
	defer b.mu.Unlock()
	r := &b.slabs
	if b.active.Load() == nil || len(r.spare) > 0 || r.spool != nil || r.allocated+r.slabBytes > r.limit/2 {
		return false
	}
	r.allocated += r.slabBytes
	return true
}
