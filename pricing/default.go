package pricing

import (
	"bytes"
	_ "embed" // the table
	"sync"
)

//go:embed prices.json
var embedded []byte

// Default is the table that is built in. Version tells how old it is.
func Default() *Table { return parsed() }

var parsed = sync.OnceValue(func() *Table {
	t, err := Parse(bytes.NewReader(embedded))
	if err != nil {
		panic(err) // a test reads the same bytes
	}
	return t
})
