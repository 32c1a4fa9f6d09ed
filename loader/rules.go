package loader

import (
	"fmt"
	"path"
	"path/filepath"
	"strings"

	"github.com/eddy-build/eddy/internal/fsys"
	"github.com/eddy-build/eddy/module"
)

// Names that the walk knows.
const (
	gitDirName      = ".git"
	gitIgnoreName   = ".gitignore"
	plainIgnoreName = ".ignore"
	nodeModulesName = "node_modules"
)

// rules are the ignore files that govern one folder: its own, then those of the
// folders above. Folders without ignore files share the rules of their parent.
//
// Paths are matched as they are from the top, which is the root of the
// workspace or, where that lies in a git repository, the repository's folder.
type rules struct {
	parent *rules
	base   int       // length of the folder's path and its slash
	git    *patterns // .gitignore
	plain  *patterns // .ignore
	// A git repository begins here: .gitignore files above say nothing below.
	repository bool
	exclude    *patterns // its info/exclude
}

// ruleset is what governs a whole walk.
type ruleset struct {
	top    string    // path of the root from the top, with a slash; empty where they are one
	config *patterns // the configuration's exclude
	global *patterns // core.excludesFile
}

// match returns the pattern that decides on a path, or nil where none matches.
// path begins at the top; its last name begins at nameAt.
//
// The order is that of git, with the configuration and .ignore files before it:
// the configuration, .ignore from the nearest, .gitignore from the nearest up
// to the repository's folder, info/exclude, core.excludesFile.
func (s *ruleset) match(r *rules, path []byte, nameAt int, dir bool) *pattern {
	if s.config != nil {
		n := len(s.top)
		if p := s.config.match(path[n:], nameAt-n, dir); p != nil {
			return p
		}
	}
	for f := r; f != nil; f = f.parent {
		if f.plain != nil {
			if p := f.plain.match(path[f.base:], nameAt-f.base, dir); p != nil {
				return p
			}
		}
	}
	base := 0
	for f := r; f != nil; f = f.parent {
		if f.git != nil {
			if p := f.git.match(path[f.base:], nameAt-f.base, dir); p != nil {
				return p
			}
		}
		if f.repository {
			if f.exclude != nil {
				if p := f.exclude.match(path[f.base:], nameAt-f.base, dir); p != nil {
					return p
				}
			}
			base = f.base
			break
		}
	}
	if s.global != nil {
		return s.global.match(path[base:], nameAt-base, dir)
	}
	return nil
}

// reader reads ignore files and keeps what goes wrong.
type reader struct {
	fs  fsys.FS
	buf []byte
	log *walkLog
}

// patterns reads an ignore file; nil where it is missing or empty.
func (r *reader) patterns(name string) *patterns {
	data, _, err := r.fs.ReadFile(name, r.buf)
	r.buf = data
	if err != nil {
		r.log.unreadable(name, err)
		return nil
	}
	r.log.read = append(r.log.read, name)
	return parsePatterns(name, data)
}

// excludes reads the patterns of the configuration. Unlike git, it tells of one
// that cannot match.
func (r *reader) excludes(list []string) *patterns {
	for _, line := range list {
		if _, ok := parsePattern(line); !ok || strings.HasPrefix(line, "./") {
			r.log.diagnostics = append(r.log.diagnostics, module.Diagnostic{
				Severity: module.Warning,
				Code:     "exclude",
				Message: fmt.Sprintf("the pattern %q of exclude matches nothing; write it as a line of .gitignore",
					line),
			})
		}
	}
	return patternList("exclude in the configuration", list)
}

// repository reads info/exclude of the repository that begins at a folder. It
// reports false where the folder's ".git" is not a repository's.
func (r *reader) repository(dir string) (exclude *patterns, ok bool) {
	git, ok := gitDir(r.fs, dir)
	if !ok {
		return nil, false
	}
	return r.shared(path.Join(git, "info/exclude")), true
}

// shared reads an ignore file that may be missing, or be a symbolic link.
func (r *reader) shared(name string) *patterns {
	if info, err := r.fs.Stat(name); err != nil || !info.Mode.IsRegular() {
		return nil
	}
	return r.patterns(name)
}

// findRepository tells how many levels above the root the git repository begins
// that the root lies in, 0 for at the root, and its common directory. It reports
// false where there is none.
func findRepository(fs fsys.FS) (levels int, git string, ok bool) {
	depth := strings.Count(strings.Trim(fs.Root(), "/"), "/") + 1
	for up := 0; up <= depth; up++ {
		if git, ok := gitDir(fs, climb(up)); ok {
			return up, git, true
		}
	}
	return 0, "", false
}

// above reads the rules of the folders above the root, from the one so many
// levels up, where a git repository begins. It returns the root's path from
// there, with a slash at its end.
func (r *reader) above(levels int) (parent *rules, top string) {
	names := strings.Split(strings.Trim(r.fs.Root(), "/"), "/")
	for _, name := range names[len(names)-levels:] {
		dir := climb(levels)
		f := &rules{parent: parent, base: len(top)}
		f.git = r.optional(path.Join(dir, gitIgnoreName))
		f.plain = r.shared(path.Join(dir, plainIgnoreName))
		if parent == nil {
			f.exclude, f.repository = r.repository(dir)
		}
		parent = f
		top += name + "/"
		levels--
	}
	return parent, top
}

// optional reads a .gitignore that may be missing. As in git, it is not read
// through a symbolic link.
func (r *reader) optional(name string) *patterns {
	info, err := r.fs.Lstat(name)
	if err != nil || !info.Mode.IsRegular() {
		return nil
	}
	return r.patterns(name)
}

// climb is the folder so many levels above the root.
func climb(levels int) string {
	if levels == 0 {
		return "."
	}
	return strings.TrimSuffix(strings.Repeat("../", levels), "/")
}

// gitDir finds what git calls the common directory of the repository or work
// tree that begins at a folder. It reports false where none begins there.
func gitDir(fs fsys.FS, dir string) (string, bool) {
	name := path.Join(dir, gitDirName)
	info, err := fs.Stat(name)
	if err != nil {
		return "", false
	}
	if !info.Mode.IsDir() {
		// A work tree or a submodule: "gitdir: PATH".
		target, ok := firstLine(fs, name)
		if !ok {
			return "", false
		}
		if target, ok = strings.CutPrefix(target, "gitdir: "); !ok {
			return "", false
		}
		name = from(dir, target)
	}
	if _, err := fs.Lstat(path.Join(name, "HEAD")); err != nil {
		return "", false // as git, which passes over a folder that is only called .git
	}
	if common, ok := firstLine(fs, path.Join(name, "commondir")); ok {
		return from(name, common), true
	}
	return name, true
}

// firstLine reads the first line of a small file of git.
func firstLine(fs fsys.FS, name string) (string, bool) {
	data, _, _, err := fs.ReadPrefix(name, 4<<10, nil)
	if err != nil {
		return "", false
	}
	line, _, _ := strings.Cut(string(data), "\n")
	return strings.TrimSuffix(line, "\r"), true
}

// from is a path as it is written in a folder.
func from(dir, name string) string {
	name = filepath.ToSlash(name)
	if path.IsAbs(name) || filepath.IsAbs(name) {
		return path.Clean(name)
	}
	return path.Join(dir, name)
}
