package postings

import "slices"

// Remove returns the block without some keys, which ascend, and its first word; what is left may be empty. Left is nil if it has none of them.
func Remove(body []byte, base int64, gone []int64) (first, left []byte, err error) {
	found := false
	err = each(body, base, func(_ []byte, keys []int64) { found = found || slices.ContainsFunc(keys, isIn(gone)) })
	if err != nil || !found {
		return nil, nil, err
	}
	w := NewWriter(base, nil)
	err = each(body, base, func(word []byte, keys []int64) {
		// All of it goes into one block: it never has more bytes than before.
		for left := slices.DeleteFunc(keys, isIn(gone)); len(left) > 0; {
			left = left[w.put(word, left):]
		}
	})
	return w.first, append([]byte{}, w.body...), err
}

// each calls fn with every entry of a block; both of its arguments are reused.
func each(body []byte, base int64, fn func(word []byte, keys []int64)) error {
	b := NewBlock(body, base)
	var keys []int64
	for {
		more, err := b.Next()
		if err != nil || !more {
			return err
		}
		if keys, err = b.AppendKeys(keys[:0]); err != nil {
			return err
		}
		fn(b.Word(), keys)
	}
}

// isIn returns a function that reports whether a key is one of those of gone.
func isIn(gone []int64) func(int64) bool {
	if len(gone) == 0 {
		return func(int64) bool { return false }
	}
	first, last := gone[0], gone[len(gone)-1]
	return func(key int64) bool {
		if key < first || key > last {
			return false
		}
		_, found := slices.BinarySearch(gone, key)
		return found
	}
}
