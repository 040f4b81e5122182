package sqlite

import (
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"os"
)

// applicationID marks a file as ours, in its header.
const applicationID = 0x536e746c // "Sntl"

var errForeign = errors.New("a SQLite database of another program")

// header is what the first bytes of a database file say.
type header struct {
	empty       bool
	version     int
	application uint32
}

// readHeader looks into a file without SQLite, which might recover or checkpoint it.
func readHeader(file string) (header, error) {
	f, err := os.Open(file)
	if err != nil {
		return header{}, err
	}
	defer f.Close()
	var b [100]byte
	switch _, err := io.ReadFull(f, b[:]); {
	case errors.Is(err, io.EOF):
		return header{empty: true}, nil
	case errors.Is(err, io.ErrUnexpectedEOF) || err == nil && string(b[:16]) != "SQLite format 3\x00":
		return header{}, errors.New("not a SQLite database")
	case err != nil:
		return header{}, err
	}
	return header{
		version:     int(int32(binary.BigEndian.Uint32(b[60:]))),
		application: binary.BigEndian.Uint32(b[68:]),
	}, nil
}

// check refuses a file that is not ours, or of a schema this program does not know.
func (h header) check() error {
	switch {
	case h.empty, h.version == 0 && h.application == 0:
		return nil // new, or made in the log only: the schema will tell
	case h.application != applicationID:
		return errForeign
	case h.version > schemaVersion:
		return fmt.Errorf("its schema is version %d, this program knows up to %d: use the newer program that wrote it", h.version, schemaVersion)
	}
	return nil
}
