package agenttest

import (
	"fmt"
	"reflect"
	"slices"
	"strings"
)

// lacks are the facts that a driver cannot tell, and whether that was seen.
type lacks struct {
	seen map[string]bool
	runs int
}

func newLacks(names []string) *lacks {
	l := &lacks{seen: map[string]bool{}}
	for _, name := range names {
		l.seen[name] = false
	}
	return l
}

func (l *lacks) has(name string) bool {
	_, ok := l.seen[name]
	return ok
}

// leaveOut empties the fields of both that are not compared.
func (l *lacks) leaveOut(want, got []event) {
	for name := range l.seen {
		for i := range max(len(want), len(got)) {
			w, g := field(want, i, name), field(got, i, name)
			if w.IsValid() && g.IsValid() && !w.IsZero() && !reflect.DeepEqual(w.Interface(), g.Interface()) {
				l.seen[name] = true
			}
			for _, f := range []reflect.Value{w, g} {
				if f.IsValid() {
					f.SetZero()
				}
			}
		}
	}
}

// field gives the field of events[i] that has the name in JSON; invalid if there is none.
func field(events []event, i int, name string) reflect.Value {
	if i >= len(events) {
		return reflect.Value{}
	}
	value := reflect.ValueOf(&events[i]).Elem()
	for f := range value.NumField() {
		tag, _, _ := strings.Cut(value.Type().Field(f).Tag.Get("json"), ",")
		if tag == name {
			return value.Field(f)
		}
	}
	return reflect.Value{}
}

// indispensable is what every way can tell: that there was something, where, and how it ended.
var indispensable = []string{"type", "inside", "name", "status"}

// wrong tells which names are none, and, if the whole script was played, what is not lacking.
func (l *lacks) wrong() (list []string) {
	for name, seen := range l.seen {
		switch {
		case name == RetriesApart:
		case slices.Contains(indispensable, name):
			list = append(list, fmt.Sprintf("the driver says that it lacks %q, without which there is nothing to compare", name))
		case !field([]event{{}}, 0, name).IsValid():
			list = append(list, fmt.Sprintf("the driver says that it lacks %q, which is nothing that is compared", name))
		case l.runs == len(scenarios)*4 && !seen:
			list = append(list, fmt.Sprintf("the driver says that it lacks %q, which it has wherever expected.json does; take it out of Lacks", name))
		}
	}
	slices.Sort(list)
	return list
}
