package postings

// Remove returns the block without the keys of gone, or nil if it has none of them. What is left may be empty, not nil.
func Remove(body []byte, base int64, gone *Set) ([]byte, error) {
	b, w := NewBlock(body, base), NewWriter(base, nil)
	removed := false
	for {
		more, err := b.Next()
		if err != nil {
			return nil, err
		}
		if !more {
			break
		}
		some, err := keep(b, w, gone)
		if err != nil {
			return nil, err
		}
		removed = removed || some
	}
	if !removed {
		return nil, nil
	}
	return append([]byte{}, w.body...), nil
}

// keep writes what is left of b's entry to w, all of it into the same block: it never has more bytes than before.
func keep(b *Block, w *Writer, gone *Set) (removed bool, err error) {
	keys, err := b.AppendKeys(nil)
	if err != nil {
		return false, err
	}
	left := keys[:0]
	for _, key := range keys {
		if !gone.Has(key) {
			left = append(left, key)
		}
	}
	removed = len(left) < len(keys)
	for len(left) > 0 {
		left = left[w.put(b.word, left):]
	}
	return removed, nil
}
