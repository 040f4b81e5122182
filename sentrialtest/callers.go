package sentrialtest

import (
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"strings"
)

// callers is who called into the SDK, innermost first.
type callers [24]uintptr

func callersNow() *callers {
	c := new(callers)
	runtime.Callers(3, c[:])
	return c
}

// helper gives the function of the SDK that the program called, such as sentrial.Tool, and where. The innermost frame is the SDK's; those around it are
// known by their files, because the compiler counts closures of generic functions to the program.
func (c *callers) helper() (name, place string) {
	frames := runtime.CallersFrames(c[:])
	frame, more := frames.Next()
	for home := filepath.Dir(frame.File); more && filepath.Dir(frame.File) == home && !strings.HasSuffix(frame.File, "_test.go"); {
		name = "sentrial." + public(frame.Function)
		frame, more = frames.Next()
	}
	return name, fmt.Sprintf("%s:%d", shortPath(frame.File), frame.Line)
}

// public names the function around closures, without package and type parameters: WrapTool of agent.answer.WrapTool[...].func1.
func public(function string) string {
	name, _, generic := strings.Cut(function, "[")
	if !generic {
		name, _, _ = strings.Cut(name, ".func")
	}
	return name[strings.LastIndexByte(name, '.')+1:]
}

// folder is that of the tests: go test starts them there, and they may go elsewhere. It is "" when it is not known.
var folder, _ = os.Getwd()

// shortPath is the file as seen from the test's folder, where it is below it.
func shortPath(file string) string {
	if short, err := filepath.Rel(folder, file); err == nil && filepath.IsLocal(short) {
		return short
	}
	return file
}
