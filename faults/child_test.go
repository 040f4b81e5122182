package faults_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"os"
)

const (
	// receiveEnv makes the test binary a receiver over the file that it names.
	receiveEnv = "FAULTS_RECEIVE"
	// listenEnv is the address that a receiver listens on.
	listenEnv = "FAULTS_LISTEN"
)

// receiveUntilStdinEnds is what the test binary does as a receiver. It prints a line when it is ready, and at the end the number of connections that it had.
func receiveUntilStdinEnds(file, addr string) error {
	ln, err := net.Listen("tcp", addr)
	if err != nil {
		return err
	}
	ctx, stop := context.WithCancel(context.Background())
	defer stop()
	go func() { // also when the test has died
		_, _ = io.Copy(io.Discard, os.Stdin)
		stop()
	}()
	counted := &countingListener{Listener: ln}
	err = serve(ctx, counted, file, func() { fmt.Println("ready") })
	_, printErr := fmt.Println(counted.accepted.Load())
	return errors.Join(err, printErr)
}
