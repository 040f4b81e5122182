package sqlite

const insertPayloadSQL = `INSERT INTO payloads (position, project, encoding, body) VALUES (?, ?, ?, ?)`

const (
	// payloadRows are written by one statement: half of what a row of its own costs is the statement.
	payloadRows = 32
	// payloadColumns are those of insertPayloadSQL.
	payloadColumns = 4
)

// putPayload takes in the payload of an event that was stored. Payloads are written some at a time.
func (in *ingestion) putPayload(position int64, b body) error {
	in.payloads = append(in.payloads, position, in.batch.Project, b.encoding, b.data)
	if len(in.payloads) < payloadRows*payloadColumns {
		return nil
	}
	err := in.exec(in.stmt.insertPayloads, in.payloads...)
	in.payloads = in.payloads[:0]
	return err
}

// writePayloads writes what putPayload has left.
func (in *ingestion) writePayloads() error {
	for row := in.payloads; len(row) > 0; row = row[payloadColumns:] {
		if err := in.exec(in.stmt.insertPayload, row[:payloadColumns]...); err != nil {
			return err
		}
	}
	in.payloads = in.payloads[:0]
	return nil
}
