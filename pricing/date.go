package pricing

import (
	"strings"
	"time"
)

// withoutDay takes a date off the end of a name: -20250514, -2024-08-06 or @20250514. It has to be a day of the calendar in this century.
func withoutDay(name string) (rest string, ok bool) {
	if n := len(name) - len("-2024-08-06"); n > 0 && name[n] == '-' && isDay(name[n+1:]) {
		return name[:n], true
	}
	if n := len(name) - len("-20240806"); n > 0 && (name[n] == '-' || name[n] == '@') && isCompactDay(name[n+1:]) {
		return name[:n], true
	}
	return name, false
}

// isDay tells whether s is a day such as 2024-08-06.
func isDay(s string) bool {
	return len(s) == 10 && s[4] == '-' && s[7] == '-' && isDate(s[:4], s[5:7], s[8:])
}

func isCompactDay(s string) bool {
	return len(s) == 8 && isDate(s[:4], s[4:6], s[6:])
}

func isDate(year, month, day string) bool {
	y, m, d := digits(year), digits(month), digits(day)
	return y >= 2000 && y < 2100 && m >= 1 && m <= 12 && d >= 1 && d <= daysIn(y, m)
}

// digits is the number that s says, -1 if it says none.
func digits(s string) (n int) {
	for i := range len(s) {
		if !isDigit(s[i]) {
			return -1
		}
		n = 10*n + int(s[i]-'0')
	}
	return n
}

func daysIn(year, month int) int {
	return time.Date(year, time.Month(month)+1, 0, 0, 0, 0, 0, time.UTC).Day()
}

// saysOtherwise tells whether the table has the day in a suffix that was taken off m's name in another spelling, at other prices: gpt-4o-20240513 is no gpt-4o, because gpt-4o-2024-05-13 is none.
func (t *Table) saysOtherwise(m *Model, suffix string) bool {
	suffix, _ = withoutVersion(suffix)
	day := strings.Map(onlyDigits, suffix)
	if len(day) != len("20240513") {
		return false
	}
	for _, name := range [...]string{m.Name + "-" + day, m.Name + "-" + day[:4] + "-" + day[4:6] + "-" + day[6:]} {
		for _, dated := range t.byName[name] {
			if dated.Provider == m.Provider && !dated.costsAsMuchAs(m) {
				return true
			}
		}
	}
	return false
}

func onlyDigits(r rune) rune {
	if r < '0' || r > '9' {
		return -1
	}
	return r
}
