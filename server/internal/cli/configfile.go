package cli

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"strings"

	"github.com/adrg/xdg"
	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"github.com/sentrial/sentrial-go/server/internal/configfile"
)

const configVariable = "SENTRIAL_CONFIG"

// configuration is what a configuration file says. The zero value says nothing.
type configuration struct {
	path     string
	settings map[string]configfile.Setting
}

// place names a line as an origin of a setting.
func (c *configuration) place(line int) string { return fmt.Sprintf("%s:%d", c.path, line) }

// configPath is where the configuration file is, and whether somebody said so.
func (a *app) configPath() (path string, named bool) {
	if a.configFlag != "" {
		return a.configFlag, true
	}
	if path := a.getenv(configVariable); path != "" {
		return path, true
	}
	xdg.Reload() // it looked at the environment before anybody could change it
	return filepath.Join(xdg.ConfigHome, "sentrial", "config.yaml"), false
}

// configure reads the configuration file and gives its values to the flags of cmd for which neither the command line nor, in [app.setting],
// the environment has one.
func (a *app) configure(cmd *cobra.Command) error {
	if !configurable(cmd) {
		return nil
	}
	if err := a.readConfig(); err != nil {
		return err
	}
	for key, s := range a.file.settings {
		if f := cmd.Flags().Lookup(key); f != nil && !f.Changed {
			if err := give(f, s); err != nil {
				return a.wrongSetting(s.Line, "%s: %v", key, err)
			}
		}
	}
	return nil
}

// readConfig reads the file into a.file. One that nobody named may be missing.
func (a *app) readConfig() error {
	path, named := a.configPath()
	text, err := os.ReadFile(path) //nolint:gosec // the file that the user names
	switch {
	case err != nil && !named && (errors.Is(err, fs.ErrNotExist) || errors.Is(err, fs.ErrPermission)):
		return nil
	case err != nil:
		return fmt.Errorf("cannot read the configuration: %w", err)
	}
	a.file = configuration{path: path, settings: map[string]configfile.Setting{}}
	found, err := configfile.Parse(text)
	if err != nil {
		var at *configfile.Error
		errors.As(err, &at)
		return a.wrongSetting(at.Line, "%s", at.Reason)
	}
	if err := a.checkConfig(found); err != nil {
		return err
	}
	a.warnOfReaders()
	return nil
}

// checkConfig takes the settings that say something, all of which have to be known and of the right kind, whatever command runs.
func (a *app) checkConfig(found []configfile.Setting) error {
	known := a.settingFlags()
	for _, s := range found {
		f := known.Lookup(s.Key)
		if f == nil {
			return a.wrongSetting(s.Line, "there is no setting %q, these are: %s", s.Key, strings.Join(names(known), ", "))
		}
		if s.Kind == configfile.Null || s.Kind == configfile.Text && s.Values[0] == "" {
			continue
		}
		if err := give(f, s); err != nil {
			return a.wrongSetting(s.Line, "%s: %v", s.Key, err)
		}
		a.file.settings[s.Key] = s
	}
	return nil
}

// give sets a flag to what the file says, as if it had been the default.
func give(f *pflag.Flag, s configfile.Setting) error {
	if list, ok := f.Value.(pflag.SliceValue); ok {
		return list.Replace(s.Values)
	}
	if want := kindOf(f); s.Kind != want && (s.Kind != configfile.Number || want != configfile.Text) && (s.Kind != configfile.Text || want != configfile.Number) {
		return fmt.Errorf("expected %s, got %s", want, s.Kind)
	}
	if f.Value.Set(s.Values[0]) != nil {
		return fmt.Errorf("expected a value of type %s", f.Value.Type())
	}
	return nil
}

// kindOf is what the file has to hold for a flag. A number and a text may stand for each other: the flag decides.
func kindOf(f *pflag.Flag) configfile.Kind {
	switch f.Value.Type() {
	case "bool":
		return configfile.Bool
	case "string":
		return configfile.Text
	}
	return configfile.Number
}

func names(flags *pflag.FlagSet) (list []string) {
	flags.VisitAll(func(f *pflag.Flag) { list = append(list, f.Name) })
	return list
}

// wrongSetting is an error about a place in the file.
func (a *app) wrongSetting(line int, format string, args ...any) error {
	where := a.file.path
	if line > 0 {
		where = a.file.place(line)
	}
	return usage("`sentrial config show` shows what is in force once the file is right; docs/cli.md describes it.", "%s: %s", where, fmt.Sprintf(format, args...))
}

// aboutFlag is how an error about the value of a flag begins.
var aboutFlag = regexp.MustCompile(`^--([a-z-]+)[ :]`)

// placed is err about the line of the file, if it is about a flag whose value is from there: nobody gave such a flag.
func (a *app) placed(cmd *cobra.Command, err error) error {
	p, ok := errors.AsType[*problem](err)
	if !ok || p.exit != exitUsage {
		return err
	}
	m := aboutFlag.FindStringSubmatch(p.what)
	if m == nil {
		return err
	}
	s, ok := a.file.settings[m[1]]
	if !ok || cmd.Flags().Lookup(m[1]) == nil || a.origin(cmd, m[1], variables[m[1]]...).from != a.file.place(s.Line) {
		return err
	}
	return a.wrongSetting(s.Line, "%s", strings.TrimPrefix(p.what, "--"))
}

// warnOfReaders says so when others can read a file with a key in it.
func (a *app) warnOfReaders() {
	if _, holds := a.file.settings["api-key"]; !holds {
		return
	}
	if info, err := os.Stat(a.file.path); err == nil && othersRead(info) { //nolint:gosec // the file that was just read
		_ = a.note(fmt.Sprintf("%s holds an api-key and others can read it: chmod 600 it", a.file.path))
	}
}
