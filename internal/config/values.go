package config

import (
	"errors"
	"fmt"
	"path"
	"regexp"
	"strings"
)

// document is the file as it is written: a [Config] whose values check
// themselves while they are read, when their position is known.
type document struct {
	Exclude []glob `toml:"exclude"`
	Workers uint16 `toml:"workers"`
	Go      struct {
		Platform platform `toml:"platform"`
	} `toml:"go"`
	Python struct {
		Roots []folder `toml:"roots"`
	} `toml:"python"`
}

func (d *document) config() Config {
	c := Config{Workers: int(d.Workers), Platform: d.Go.Platform.text}
	for _, g := range d.Exclude {
		c.Exclude = append(c.Exclude, g.text)
	}
	for _, f := range d.Python.Roots {
		c.PythonRoots = append(c.PythonRoots, f.text)
	}
	return c
}

// The value types are structs since the decoder writes to a string type without
// asking it.
type (
	glob     struct{ text string }
	platform struct{ text string }
	folder   struct{ text string }
)

func (g *glob) UnmarshalText(text []byte) error {
	if strings.TrimSpace(string(text)) == "" {
		return errors.New("the pattern is empty")
	}
	g.text = string(text)
	return nil
}

func (p *platform) UnmarshalText(text []byte) error {
	p.text = string(text)
	return CheckPlatform(p.text)
}

func (f *folder) UnmarshalText(text []byte) error {
	f.text = path.Clean(string(text))
	if len(text) == 0 || path.IsAbs(f.text) || f.text == ".." || strings.HasPrefix(f.text, "../") {
		return fmt.Errorf("%q is not a folder inside the workspace", text)
	}
	return nil
}

const platformWant = `"linux/arm64", with build tags as in "linux/arm64,tag1,tag2", or "all"`

var platformShape = regexp.MustCompile(`^([a-z0-9]+/[a-z0-9]+(,[\pL\d_.]+)*|all)?$`)

// CheckPlatform says whether a platform has one of the known forms: empty for
// the one of this machine, "all", or "GOOS/GOARCH" with build tags after commas.
func CheckPlatform(s string) error {
	if !platformShape.MatchString(s) {
		return fmt.Errorf("wrong platform %q: want %s", s, platformWant)
	}
	return nil
}
