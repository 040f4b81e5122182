package main

import (
	"fmt"
	"io"
	"os"
	"strings"
	"unicode/utf8"
)

// printer shows tables as aligned text or as Markdown.
type printer struct {
	out      io.Writer
	color    bool
	markdown bool
}

// terminal tells whether w is one that understands escape sequences.
func terminal(w io.Writer) bool {
	f, ok := w.(*os.File)
	if !ok || os.Getenv("TERM") == "dumb" {
		return false
	}
	info, err := f.Stat()
	return err == nil && info.Mode()&os.ModeCharDevice != 0
}

func (p *printer) print(s settings, f filled) {
	lines := grid(f)
	if p.markdown {
		fmt.Fprintf(p.out, "\n%s\n\n", f.title(s))
	} else {
		fmt.Fprintf(p.out, "\n%s\n\n", p.paint(bold, f.title(s)))
	}
	widths := widthsOf(lines)
	for i, line := range lines {
		p.line(line, widths, i > 0 && f.rows[i-1].kind.Ours)
		if i == 0 && p.markdown {
			fmt.Fprintln(p.out, "|"+strings.Repeat("---|", len(line)))
		}
	}
	p.remarks(f)
}

// grid is the head and a line for each row.
func grid(f filled) [][]cell {
	head := []cell{{text: ""}}
	for _, c := range f.columns {
		head = append(head, cell{text: c.head})
	}
	lines := [][]cell{head}
	for _, r := range f.rows {
		line := []cell{{text: title(r)}}
		for _, c := range f.columns {
			line = append(line, f.show(r, c))
		}
		lines = append(lines, line)
	}
	return lines
}

func title(r *row) string {
	if r.kind.Snapshot {
		return r.kind.Title
	}
	return r.kind.Title + ", no snapshot"
}

func widthsOf(lines [][]cell) []int {
	widths := make([]int, len(lines[0]))
	for _, line := range lines {
		for i, c := range line {
			widths[i] = max(widths[i], utf8.RuneCountInString(c.text))
		}
	}
	return widths
}

func (p *printer) line(line []cell, widths []int, ours bool) {
	if p.markdown {
		p.markdownLine(line)
		return
	}
	var b strings.Builder
	for i, c := range line {
		pad := strings.Repeat(" ", widths[i]-utf8.RuneCountInString(c.text))
		switch {
		case i == 0 && ours:
			b.WriteString(p.paint(green, c.text) + pad)
		case i == 0:
			b.WriteString(c.text + pad)
		case c.alarm:
			b.WriteString("  " + pad + p.paint(red, c.text))
		default:
			b.WriteString("  " + pad + c.text)
		}
	}
	fmt.Fprintln(p.out, strings.TrimRight(b.String(), " "))
}

func (p *printer) markdownLine(line []cell) {
	for _, c := range line {
		text := c.text
		if c.alarm {
			text = "**" + text + "**"
		}
		fmt.Fprintf(p.out, "| %s ", text)
	}
	fmt.Fprintln(p.out, "|")
}

// remarks are what no figure says, each once.
func (p *printer) remarks(f filled) {
	for _, r := range f.rows {
		seen := map[string]bool{}
		for _, text := range r.remarks() {
			if !seen[text] {
				fmt.Fprintf(p.out, "%s\n", p.paint(red, fmt.Sprintf("- %s: %s", r.kind.Title, text)))
			}
			seen[text] = true
		}
	}
}

func (r *row) remarks() (all []string) {
	for _, res := range r.rounds {
		if res != nil {
			all = append(all, res.Notes...)
		}
	}
	return append(all, r.errors...)
}

const (
	bold  = "1"
	red   = "31"
	green = "32"
)

func (p *printer) paint(color, text string) string {
	if !p.color {
		return text
	}
	return "\x1b[" + color + "m" + text + "\x1b[0m"
}
