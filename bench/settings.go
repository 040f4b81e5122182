package main

import (
	"flag"
	"fmt"
	"io"
	"slices"
	"strings"
	"time"

	"github.com/sentrial/sentrial-go/bench/peer"
)

// settings are what the command line asks for.
type settings struct {
	rounds   int
	events   int // of a sustained run; a burst run has a fifth of them of each kind
	seconds  int // of a paced run
	patience time.Duration
	tables   []table
	peers    []peer.Kind
	json     bool
	markdown bool
	profiles string // folder
}

func parseSettings(args []string, errOut io.Writer) (settings, error) {
	s := settings{patience: 35 * time.Second}
	flags := flag.NewFlagSet("bench", flag.ContinueOnError)
	flags.SetOutput(errOut)
	flags.IntVar(&s.rounds, "rounds", 5, "how often each measurement is made; the peers take turns")
	flags.IntVar(&s.events, "events", 102_400, "events of a sustained run")
	flags.IntVar(&s.seconds, "seconds", 12, "how long a server is down or slow")
	only := flags.String("only", "", "tables, a list of: "+strings.Join(names(tables(), tableName), ", "))
	peers := flags.String("peers", "", "SDKs, a list of: "+strings.Join(names(peer.All(), kindName), ", "))
	quick := flags.Bool("quick", false, "one round of little, to see it run; the figures mean nothing")
	flags.BoolVar(&s.json, "json", false, "print every figure of every round as JSON")
	flags.BoolVar(&s.markdown, "markdown", false, "print Markdown")
	flags.StringVar(&s.profiles, "cpuprofile", "", "folder for processor profiles of each burst and sustained run, SDK and round")
	if err := flags.Parse(args); err != nil {
		return s, err
	}
	if *quick {
		s.rounds, s.events, s.seconds, s.patience = 1, 10_240, 1, 8*time.Second
	}
	if flags.NArg() > 0 || s.rounds < 1 || s.events < 1 || s.seconds < 1 {
		return s, fmt.Errorf("unexpected %q, or a number below 1; -h lists the flags", flags.Args())
	}
	var err error
	if s.tables, err = choose("-only", *only, tables(), tableName); err != nil {
		return s, err
	}
	s.peers, err = choose("-peers", *peers, peer.All(), kindName)
	return s, err
}

func tableName(t table) string    { return t.name }
func kindName(k peer.Kind) string { return k.Name }

func names[T any](all []T, name func(T) string) (list []string) {
	for _, v := range all {
		list = append(list, name(v))
	}
	return list
}

// choose picks what a list names; an empty list names everything.
func choose[T any](option, list string, all []T, name func(T) string) (chosen []T, err error) {
	if list == "" {
		return all, nil
	}
	wanted := strings.Split(list, ",")
	for _, w := range wanted {
		if !slices.Contains(names(all, name), w) {
			return nil, fmt.Errorf("%s %q: want one of %s", option, w, strings.Join(names(all, name), ", "))
		}
	}
	return slices.DeleteFunc(slices.Clone(all), func(v T) bool { return !slices.Contains(wanted, name(v)) }), nil
}
