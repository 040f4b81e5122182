package store

// Gap is a range of a client's sequence numbers of which none has come.
type Gap struct {
	ClientID    string // "" = the batches named none
	First, Last int64
}

// Size is how many numbers are missing.
func (g *Gap) Size() int64 { return g.Last - g.First + 1 }

// Gaps are what is missing in a session: numbers below the highest that came of each client.
type Gaps struct {
	Ranges  int64
	Missing int64 // numbers in all ranges
	First   []Gap // the first ranges, by client, then number
}

// Add counts g, and lists it while there are fewer than limit.
func (s *Gaps) Add(g Gap, limit int) {
	s.Ranges++
	s.Missing = add(s.Missing, g.Size())
	if len(s.First) < limit {
		s.First = append(s.First, g)
	}
}
