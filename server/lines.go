package server

import (
	"bytes"
	"errors"
	"strconv"

	"github.com/sentrial/sentrial-go/server/internal/jsonscan"
)

// lines reads an event a line. Blank lines are none; what is wrong with a line costs that line only, and its name is its number.
func (d *decoder) lines() error {
	d.batch.lines = []int{}
	for rest, number := d.body, 1; len(rest) > 0; number++ {
		var line []byte
		line, rest, _ = bytes.Cut(rest, []byte{'\n'})
		if line = bytes.Trim(line, " \t\r"); len(line) == 0 {
			continue
		}
		if err := d.line(line, number); err != nil {
			return err
		}
	}
	return nil
}

func (d *decoder) line(line []byte, number int) error {
	if err := d.another(); err != nil {
		return err
	}
	d.digestEvent(line)
	if p := d.takeLine(line); p != nil {
		d.reject(lineName(number), p)
		return nil
	}
	d.batch.lines = append(d.batch.lines, number)
	return nil
}

func (d *decoder) takeLine(line []byte) *problem {
	d.scan.Reset(line)
	raw, depth, err := d.event.read(d.scan)
	if err == nil {
		err = d.scan.End()
	}
	if syntax, is := errors.AsType[*jsonscan.SyntaxError](err); is {
		return wrong(syntax.Error())
	}
	_, p := d.take(raw, depth)
	return p
}

func lineName(number int) string { return "line:" + strconv.Itoa(number) }
