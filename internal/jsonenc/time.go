package jsonenc

import "time"

// AppendTime appends t as a quoted RFC 3339 time in UTC, with as many decimals as it
// needs. A year that RFC 3339 cannot write becomes a marker.
func AppendTime(dst []byte, t time.Time) []byte { return appendZonedTime(dst, t.UTC()) }

// appendZonedTime keeps the zone, as encoding/json does: in an agent's own value the zone
// is part of the content.
func appendZonedTime(dst []byte, t time.Time) []byte {
	if year := t.Year(); year < 0 || year > 9999 {
		return AppendMarker(dst, reasonYear, "time.Time")
	}
	if _, offset := t.Zone(); offset <= -24*60*60 || offset >= 24*60*60 {
		return AppendMarker(dst, reasonZone, "time.Time")
	}
	dst = append(dst, '"')
	dst = t.AppendFormat(dst, time.RFC3339Nano)
	return append(dst, '"')
}
