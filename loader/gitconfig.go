package loader

import (
	"bytes"
	"fmt"
	"path"
	"strings"

	"github.com/eddy-build/eddy/module"
	"github.com/go-git/gcfg/v2"
)

// maxIncludes is how deep git follows include.path.
const maxIncludes = 10

// gitSettings finds git's core.excludesFile.
type gitSettings struct {
	*reader
	env func(string) string
	// excludesFile is the value found last: each file overrides those before.
	excludesFile string
	found        bool
}

// excludesFile returns the name of the file of the user's own ignore patterns;
// empty where there is none. git is the common directory of the repository that
// the root lies in, empty for none, and top its folder.
//
// The settings are those of the system, of the user and of the repository, with
// the variables that lead to them. Conditional includes are not followed.
func (r *reader) excludesFile(env func(string) string, git, top string) string {
	s := gitSettings{reader: r, env: env}
	if off := env("GIT_CONFIG_NOSYSTEM"); off == "" || off == "0" || off == "false" {
		system := env("GIT_CONFIG_SYSTEM")
		if system == "" {
			system = "/etc/gitconfig"
		}
		s.load(system, 0)
	}
	own := env("XDG_CONFIG_HOME")
	if own == "" && s.home() != "" {
		own = s.home() + "/.config"
	}
	if global := env("GIT_CONFIG_GLOBAL"); global != "" {
		s.load(global, 0)
	} else {
		if own != "" {
			s.load(own+"/git/config", 0)
		}
		if s.home() != "" {
			s.load(s.home()+"/.gitconfig", 0)
		}
	}
	if git != "" {
		s.load(path.Join(git, "config"), 0)
	}
	switch {
	case !s.found && own != "":
		return own + "/git/ignore"
	case s.excludesFile == "":
		return ""
	}
	return from(top, s.excludesFile)
}

func (s *gitSettings) home() string {
	if home := s.env("HOME"); home != "" {
		return home
	}
	return s.env("USERPROFILE")
}

// load reads one file of settings, and those that it includes where it does.
func (s *gitSettings) load(name string, depth int) {
	if depth > maxIncludes {
		return
	}
	name = from(".", name)
	info, err := s.fs.Stat(name)
	if err != nil || !info.Mode.IsRegular() {
		return
	}
	data, _, err := s.fs.ReadFile(name, nil)
	if err != nil {
		s.log.unreadable(name, err)
		return
	}
	s.log.read = append(s.log.read, name)
	err = gcfg.ReadWithCallback(bytes.NewReader(data), func(section, sub, key, value string, blank bool) error {
		if sub != "" || blank {
			return nil
		}
		switch strings.ToLower(section) + "." + strings.ToLower(key) {
		case "core.excludesfile":
			s.excludesFile, s.found = s.expand(value), true
		case "include.path":
			if included := s.expand(value); included != "" {
				s.load(from(path.Dir(name), included), depth+1)
			}
		}
		return nil
	})
	if err != nil {
		s.log.diagnostics = append(s.log.diagnostics, module.Diagnostic{
			Severity: module.Warning,
			Code:     "gitconfig",
			Span:     module.Span{File: name},
			Message:  fmt.Sprintf("git's settings cannot be read, and so core.excludesFile may be missed: %v", err),
		})
	}
}

// expand replaces the "~" of the user's home.
func (s *gitSettings) expand(value string) string {
	if rest, ok := strings.CutPrefix(value, "~/"); ok {
		return s.home() + "/" + rest
	}
	return value
}
