package genai

// spares are readings that are used again, since every span needs one and the lists in it.
type spares []*reading

// maxSpares bounds how many are kept.
const maxSpares = 256

func (s *spares) get() *reading {
	list := *s
	if len(list) == 0 {
		return new(reading)
	}
	r := list[len(list)-1]
	*s = list[:len(list)-1]
	return r
}

// put takes back the readings of spans that were given away. Those that others still look at are left alone.
func (s *spares) put(nodes []*node) {
	for _, n := range nodes {
		if len(*s) == maxSpares {
			return
		}
		if !n.lent {
			n.reading.reset()
			*s = append(*s, n.reading)
			n.reading = nil
		}
	}
}
