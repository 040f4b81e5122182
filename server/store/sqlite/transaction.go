package sqlite

import (
	"database/sql"
	"errors"
)

// An ingestion's statements end with the first that fails: SQLite may have rolled back all of the transaction then, as it does when the disk is
// full, and whatever came after it would be committed by itself.

// result runs a statement.
func (in *ingestion) result(stmt *sql.Stmt, args ...any) (sql.Result, error) {
	if in.failure != nil {
		return nil, in.failure
	}
	res, err := in.tx.StmtContext(in.ctx, stmt).ExecContext(in.ctx, args...)
	return res, in.note(err)
}

// exec runs a statement whose result nobody needs.
func (in *ingestion) exec(stmt *sql.Stmt, args ...any) error {
	_, err := in.result(stmt, args...)
	return err
}

// query reads rows.
func (in *ingestion) query(stmt *sql.Stmt, args ...any) (*sql.Rows, error) {
	if in.failure != nil {
		return nil, in.failure
	}
	rows, err := in.tx.StmtContext(in.ctx, stmt).QueryContext(in.ctx, args...)
	return rows, in.note(err)
}

// row reads one.
func (in *ingestion) row(stmt *sql.Stmt, args ...any) scanner {
	if in.failure != nil {
		return failedRow{in.failure}
	}
	return notedRow{in, in.tx.StmtContext(in.ctx, stmt).QueryRowContext(in.ctx, args...)}
}

// note remembers the first failure.
func (in *ingestion) note(err error) error {
	if err != nil && in.failure == nil && !errors.Is(err, sql.ErrNoRows) {
		in.failure = err
	}
	return err
}

type notedRow struct {
	in  *ingestion
	row *sql.Row
}

func (r notedRow) Scan(dest ...any) error { return r.in.note(r.row.Scan(dest...)) }

type failedRow struct{ err error }

func (r failedRow) Scan(...any) error { return r.err }
