package postings_test

import (
	"bytes"
	"fmt"
	"maps"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/sentrial/sentrial-go/server/internal/postings"
)

// run is a run as its owner keeps it.
type run struct {
	base   int64
	firsts [][]byte
	bodies [][]byte
}

// pairs says which keys have a word.
type pairs map[string]map[int64]bool

func (p pairs) add(word string, key int64) {
	if p[word] == nil {
		p[word] = make(map[int64]bool)
	}
	p[word][key] = true
}

func (r *run) emit(first, body []byte) error {
	r.firsts, r.bodies = append(r.firsts, bytes.Clone(first)), append(r.bodies, bytes.Clone(body))
	return nil
}

// build writes some pairs, noting them in all.
func build(t *testing.T, random *rand.Rand, base int64, n int, all pairs) *run {
	t.Helper()
	b := postings.NewBuilder()
	words := rand.NewZipf(random, 1.2, 5, 20_000)
	for range n {
		word := fmt.Sprintf("%x", words.Uint64()*2654435761%100_003)
		key := base + random.Int64N(5_000)
		b.Key(key)
		b.Add([]byte(word))
		all.add(word, key)
	}
	r := &run{base: b.Base()}
	if err := b.Write(postings.NewWriter(r.base, r.emit)); err != nil {
		t.Fatal(err)
	}
	return r
}

// read returns all that a run has, and checks that it is in order.
func (r *run) read(t *testing.T) pairs {
	t.Helper()
	all := make(pairs)
	before := ""
	for i, body := range r.bodies {
		b := postings.NewBlock(body, r.base)
		for n := 0; ; n++ {
			more, err := b.Next()
			if err != nil {
				t.Fatal(err)
			}
			if !more {
				break
			}
			word := string(b.Word())
			if n == 0 && string(r.firsts[i]) != word || word < before || n > 0 && word == before {
				t.Fatalf("block %d, first %q: %q after %q", i, r.firsts[i], word, before)
			}
			before = word
			keys, err := b.AppendKeys(nil)
			if err != nil || !slices.IsSorted(keys) {
				t.Fatalf("%q: %d keys, not in order (%v)", word, len(keys), err)
			}
			for _, key := range keys {
				all.add(word, key)
			}
		}
	}
	return all
}

func wantPairs(t *testing.T, what string, got, want pairs) {
	t.Helper()
	if !maps.EqualFunc(got, want, maps.Equal[map[int64]bool]) {
		t.Errorf("%s: the pairs differ: %d words, want %d", what, len(got), len(want))
	}
}

func (r *run) blocks() func() ([]byte, error) {
	next := 0
	return func() ([]byte, error) {
		if next == len(r.bodies) {
			return nil, nil
		}
		next++
		return r.bodies[next-1], nil
	}
}

func merge(t *testing.T, runs ...*run) *run {
	t.Helper()
	merged := &run{base: runs[0].base}
	var inputs []*postings.Run
	for _, r := range runs {
		merged.base = min(merged.base, r.base)
		inputs = append(inputs, postings.NewRun(r.base, r.blocks()))
	}
	m, err := postings.Merge(postings.NewWriter(merged.base, merged.emit), inputs...)
	for more := true; more && err == nil; {
		more, err = m.Step()
	}
	if err != nil {
		t.Fatal(err)
	}
	return merged
}

func TestRunsKeepTheirPairs(t *testing.T) {
	random := rand.New(rand.NewPCG(1, 2))
	all := make(pairs)
	var runs []*run
	for i := range 5 {
		own := make(pairs)
		r := build(t, random, int64(1+i*1000), 1+i*i*20_000, own)
		wantPairs(t, fmt.Sprint("run ", i), r.read(t), own)
		for word, keys := range own {
			for key := range keys {
				all.add(word, key)
			}
		}
		runs = append(runs, r)
	}
	merged := merge(t, runs...)
	wantPairs(t, "merged", merged.read(t), all)
	if n := len(merged.bodies); n < 10 {
		t.Errorf("%d blocks", n)
	}
}

// TestLongListsAreCut has a word in more keys than a block holds.
func TestLongListsAreCut(t *testing.T) {
	b := postings.NewBuilder()
	all := make(pairs)
	for key := int64(1); key < 60_000; key += 2 {
		for _, word := range []string{"the", "them"} {
			b.Key(key)
			b.Add([]byte(word))
			all.add(word, key)
		}
	}
	r := &run{base: b.Base()}
	if err := b.Write(postings.NewWriter(r.base, r.emit)); err != nil {
		t.Fatal(err)
	}
	wantPairs(t, "written", r.read(t), all)
	wantPairs(t, "merged with itself", merge(t, r, r).read(t), all)
	for _, body := range r.bodies {
		if len(body) > 20_000 {
			t.Errorf("a block of %d bytes", len(body))
		}
	}
}

func TestCollect(t *testing.T) {
	random := rand.New(rand.NewPCG(3, 4))
	all := make(pairs)
	r := build(t, random, 7, 50_000, all)
	for _, word := range []string{"", "0", "1a", "ff", "1869f", "zz", slices.Sorted(maps.Keys(all))[17]} {
		for _, prefix := range []bool{false, true} {
			var got postings.Set
			for i, body := range r.bodies {
				past, err := postings.NewBlock(body, r.base).Collect([]byte(word), prefix, &got)
				if err != nil {
					t.Fatal(err)
				}
				if past {
					for _, first := range r.firsts[i+1:] {
						if string(first) == word || prefix && strings.HasPrefix(string(first), word) {
							t.Errorf("%q: past at block %d, a later one begins with %q", word, i, first)
						}
					}
				}
			}
			want := make(map[int64]bool)
			for w, keys := range all {
				if w == word || prefix && strings.HasPrefix(w, word) {
					maps.Copy(want, keys)
				}
			}
			if !slices.Equal(slices.Collect(got.Keys()), slices.Sorted(maps.Keys(want))) {
				t.Errorf("%q (prefix %v): %d keys, want %d", word, prefix, got.Len(), len(want))
			}
		}
	}
}

func TestRemove(t *testing.T) {
	random := rand.New(rand.NewPCG(5, 6))
	all := make(pairs)
	r := build(t, random, 7, 50_000, all)
	var gone []int64
	for range 500 {
		gone = append(gone, 7+random.Int64N(5_000))
	}
	slices.Sort(gone)
	for i, body := range r.bodies {
		first, left, err := postings.Remove(body, r.base, gone)
		if err != nil {
			t.Fatal(err)
		}
		if left == nil {
			continue
		}
		if len(left) > len(body) {
			t.Errorf("block %d grew from %d to %d bytes", i, len(body), len(left))
		}
		if _, again, err := postings.Remove(left, r.base, gone); again != nil || err != nil {
			t.Errorf("block %d: removed twice (%v)", i, err)
		}
		r.bodies[i], r.firsts[i] = left, first
	}
	for word, keys := range all {
		maps.DeleteFunc(keys, func(key int64, _ bool) bool { return slices.Contains(gone, key) })
		if len(keys) == 0 {
			delete(all, word)
		}
	}
	wantPairs(t, "what is left", r.read(t), all)
	wantPairs(t, "what is left, merged", merge(t, r).read(t), all)
}

func TestRemoveEverything(t *testing.T) {
	b := postings.NewBuilder()
	b.Key(5)
	b.Add([]byte("a"))
	b.Add([]byte("b"))
	r := &run{base: 5}
	if err := b.Write(postings.NewWriter(5, r.emit)); err != nil {
		t.Fatal(err)
	}
	_, left, err := postings.Remove(r.bodies[0], 5, []int64{5})
	if err != nil || left == nil || len(left) != 0 {
		t.Errorf("left %v (%v)", left, err)
	}
}

func TestSet(t *testing.T) {
	random := rand.New(rand.NewPCG(7, 8))
	var a, b postings.Set
	in := [2]map[int64]bool{{}, {}}
	for range 5_000 {
		for i, s := range []*postings.Set{&a, &b} {
			key := random.Int64N(10_000) * random.Int64N(3) * 1_000_003 >> 8
			s.Add(key)
			in[i][key] = true
		}
	}
	a.Intersect(&b)
	maps.DeleteFunc(in[0], func(key int64, _ bool) bool { return !in[1][key] })
	if got, want := slices.Collect(a.Keys()), slices.Sorted(maps.Keys(in[0])); !slices.Equal(got, want) || a.Len() != len(want) {
		t.Errorf("%d keys, want %d", a.Len(), len(want))
	}
	for key := range int64(50_000) {
		if a.Has(key) != in[0][key] {
			t.Fatalf("has %d: %v", key, a.Has(key))
		}
	}
	a.Add(3) // also after Intersect
	if !a.Has(3) || (*postings.Set)(nil).Has(3) {
		t.Error("3 is in it, and in no empty one")
	}
}

// FuzzBlock reads whatever bytes.
func FuzzBlock(f *testing.F) {
	r := build(&testing.T{}, rand.New(rand.NewPCG(9, 9)), 3, 50, make(pairs))
	f.Add(r.bodies[0])
	f.Add([]byte{0, 1, 2, 'a', 2, 5, 1, 1, 1, 1, 'b', 0xff})
	f.Fuzz(func(t *testing.T, body []byte) {
		var all postings.Set
		if _, err := postings.NewBlock(body, 1).Collect(nil, true, &all); err != nil {
			return
		}
		_, left, err := postings.Remove(body, 1, []int64{1})
		if err != nil {
			t.Fatal(err)
		}
		if left == nil && all.Has(1) {
			t.Fatal("1 was not removed")
		}
	})
}

func BenchmarkBuilder(b *testing.B) {
	random := rand.New(rand.NewPCG(1, 2))
	zipf := rand.NewZipf(random, 1.1, 10, 100_000)
	words := make([][]byte, 1<<16)
	for i := range words {
		words[i] = fmt.Appendf(nil, "%x", zipf.Uint64()*2654435761%1_000_003)
	}
	builder := postings.NewBuilder()
	n := 0
	b.ReportAllocs()
	for b.Loop() {
		builder.Key(int64(1 + n/4000))
		builder.Add(words[n&(1<<16-1)])
		if n++; builder.Len() > 500_000 {
			if err := builder.Write(postings.NewWriter(builder.Base(), func(_, _ []byte) error { return nil })); err != nil {
				b.Fatal(err)
			}
			builder = postings.NewBuilder()
		}
	}
}
