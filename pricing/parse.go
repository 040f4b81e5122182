package pricing

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
)

const (
	unit      = "USD per 1,000,000 tokens"
	maxTable  = 16 << 20 // bytes
	maxName   = 256      // bytes of a name or a version
	maxNotes  = 4096     // bytes of what is said about the table
	maxModels = 100_000
)

// ParseFile reads a table from a file, as Parse does.
func ParseFile(path string) (*Table, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, fmt.Errorf("pricing: %w", err)
	}
	defer f.Close()
	t, err := Parse(f)
	var parse *ParseError
	if errors.As(err, &parse) {
		parse.File = path
	}
	var trouble *fs.PathError
	if errors.As(err, &trouble) {
		return nil, fmt.Errorf("pricing: %w", trouble) // a directory, for one: no line of it is to blame
	}
	return t, err
}

// Parse reads a table, such as
//
//	{
//	  "version": "shop-3",
//	  "models": [
//	    {"model": "gpt-4o", "provider": "azure", "input": 2.75, "output": 11, "cache_read": 1.375},
//	    {"model": "our-own", "input": 0.2, "output": 0.2}
//	  ]
//	}
//
// Prices are dollars per million tokens with up to six decimal places; null and what is left out are unknown, but input and output have to be there. Without a provider
// the price holds whoever serves the model. version names the table in what is recorded, by default by a hash of the file; source, licence and unit (which is "USD per 1,000,000 tokens") may be
// given. Everything else is refused, with a *ParseError: a misspelt field would be a price that is not there.
func Parse(r io.Reader) (*Table, error) {
	data, err := io.ReadAll(io.LimitReader(r, maxTable+1))
	if err != nil {
		return nil, &ParseError{Line: bytes.Count(data, []byte("\n")) + 1, Say: "reading failed: " + err.Error(), Err: err}
	}
	if len(data) > maxTable {
		return nil, &ParseError{Line: 1, Say: "want a table of at most 16 MiB"}
	}
	p := newParser(data)
	if err := p.read(); err != nil {
		return nil, err
	}
	if p.version == "" {
		sum := sha256.Sum256(data)
		p.version = "file-" + hex.EncodeToString(sum[:6])
	}
	from := &origin{p.version, p.source}
	for _, m := range p.models {
		m.table = from
	}
	return newTable(p.version, p.source, p.models), nil
}
