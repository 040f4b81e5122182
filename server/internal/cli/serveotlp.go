package cli

import (
	"context"
	"errors"
	"fmt"
	"net"

	"github.com/spf13/cobra"

	"github.com/sentrial/sentrial-go/server"
	"github.com/sentrial/sentrial-go/server/internal/console"
)

// otlpPlace is one of the addresses where exporters of OpenTelemetry look by default.
type otlpPlace struct {
	flag, variable, name string
	serve                func(net.Listener) server.OTLPListener
	addr                 origin // value "" = nowhere
}

// otlpFlags are the flags that say where OTLP is taken.
func otlpFlags() []otlpPlace {
	return []otlpPlace{
		{flag: "otlp-http", variable: "SENTRIAL_OTLP_HTTP", name: "OTLP over HTTP", serve: server.OTLPOverHTTP},
		{flag: "otlp-grpc", variable: "SENTRIAL_OTLP_GRPC", name: "OTLP over gRPC", serve: server.OTLPOverGRPC},
	}
}

func addOTLP(cmd *cobra.Command) {
	f := cmd.Flags()
	f.String("otlp-http", "127.0.0.1:4318", `address for OTLP over HTTP; "" or off for none (SENTRIAL_OTLP_HTTP)`)
	f.String("otlp-grpc", "127.0.0.1:4317", `address for OTLP over gRPC; "" or off for none (SENTRIAL_OTLP_GRPC)`)
}

// otlpPlaces is what the flags say. Unlike elsewhere an empty flag is a value.
func (a *app) otlpPlaces(cmd *cobra.Command) []otlpPlace {
	places := otlpFlags()
	for i := range places {
		p := &places[i]
		p.addr = a.origin(cmd, p.flag, p.variable)
		if f := cmd.Flags().Lookup(p.flag); p.addr.value == "off" || f.Changed && f.Value.String() == "" {
			p.addr.value = ""
		}
	}
	return places
}

// listenOTLP opens the listeners. A default address that is taken is left out: the program that has it may well be another server of ours, or a collector.
func (a *app) listenOTLP(ctx context.Context, srv *server.Server, places []otlpPlace, db string) (more []server.OTLPListener, err error) {
	var open []net.Listener
	defer func() {
		if err != nil {
			for _, ln := range open {
				_ = ln.Close()
			}
		}
	}()
	for _, p := range places {
		if p.addr.value == "" {
			continue
		}
		ln, err := srv.Listen(ctx, p.addr.value)
		if addressInUse(err) && p.addr.from == "default" {
			a.say(fmt.Sprintf("%s is not served: another program listens on %s (choose an address with --%s)", p.name, p.addr.value, p.flag))
			continue
		}
		if err != nil {
			return nil, explainOTLP(p, db, err)
		}
		a.say(fmt.Sprintf("%s on %s", p.name, ln.Addr()))
		open, more = append(open, ln), append(more, p.serve(ln))
	}
	return more, nil
}

// say is a line of the server's on stderr.
func (a *app) say(line string) {
	c := a.stderr()
	if !c.Terminal {
		_, _ = fmt.Fprintln(a.err, "sentrial: "+line)
		return
	}
	_, _ = fmt.Fprintln(a.err, c.Paint(console.Green, "sentrial:"), c.Paint(console.Dim, line))
}

func explainOTLP(p otlpPlace, db string, err error) error {
	var op *net.OpError
	switch {
	case addressInUse(err):
		return &problem{
			exit: exitFailed, err: err, what: fmt.Sprintf("cannot listen on %s: another program does already", p.addr.value),
			hint: "Choose another port with --" + p.flag + `, or none with --` + p.flag + ` "".`,
		}
	case errors.As(err, &op):
		return fmt.Errorf("cannot listen: %w", err)
	case errors.Is(err, server.ErrNoKeys):
		return needsKey(p.addr.value, db)
	}
	return &problem{exit: exitUsage, err: err, what: err.Error(), hint: "Set --" + p.flag + " or " + p.variable + ", for example 127.0.0.1:4318."}
}
