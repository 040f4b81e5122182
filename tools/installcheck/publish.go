package main

import (
	"os"
	"path/filepath"

	"golang.org/x/mod/module"
	modzip "golang.org/x/mod/zip"

	"github.com/sentrial/sentrial-go/tools/internal/repo"
)

// publish puts the module in dir into a file proxy under its unreleased version: the four files that the go command asks a proxy for.
func publish(proxy, dir string) error {
	parsed, err := repo.ParseModfile(dir)
	if err != nil {
		return err
	}
	version := module.Version{Path: parsed.Module.Mod.Path, Version: repo.Unreleased}
	escaped, err := module.EscapePath(version.Path)
	if err != nil {
		return err
	}
	folder := filepath.Join(proxy, filepath.FromSlash(escaped), "@v")
	if err := os.MkdirAll(folder, 0o700); err != nil {
		return err
	}
	gomod, err := os.ReadFile(filepath.Join(dir, "go.mod"))
	if err != nil {
		return err
	}
	files := map[string][]byte{
		"list":                    []byte(version.Version + "\n"),
		version.Version + ".info": []byte(`{"Version":"` + version.Version + `"}`),
		version.Version + ".mod":  gomod,
	}
	for name, data := range files {
		if err := os.WriteFile(filepath.Join(folder, name), data, 0o600); err != nil {
			return err
		}
	}
	return pack(filepath.Join(folder, version.Version+".zip"), version, dir)
}

// pack writes a module's zip, without the modules nested in it.
func pack(name string, version module.Version, dir string) (err error) {
	file, err := os.Create(name)
	if err != nil {
		return err
	}
	defer func() {
		if closeErr := file.Close(); err == nil {
			err = closeErr
		}
	}()
	return modzip.CreateFromDir(file, version, dir)
}
