package sqlite

import "time"

// Go's empty values travel to columns as NULL where empty means unknown.

func nullText[T ~string](s T) any {
	if s == "" {
		return nil
	}
	return string(s)
}

func nullCount(n int64) any {
	if n == 0 {
		return nil
	}
	return n
}

func nullTime(t time.Time) any {
	if t.IsZero() {
		return nil
	}
	return t.UnixNano()
}

func nullInt[T ~int64](n *T) any {
	if n == nil {
		return nil
	}
	return int64(*n)
}

func timeOf(nanos int64) time.Time { return time.Unix(0, nanos).UTC() }
