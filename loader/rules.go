package loader

import (
	"path"
	"path/filepath"
	"strings"

	"github.com/eddy-build/eddy/internal/fsys"
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

// repository reads info/exclude of the repository that begins at a folder. It
// reports false where the folder's ".git" is not a repository's.
func (r *reader) repository(dir string) (exclude *patterns, ok bool) {
	git, ok := gitDir(r.fs, dir)
	if !ok {
		return nil, false
	}
	name := join(git, "info/exclude")
	if _, err := r.fs.Stat(name); err != nil {
		return nil, true
	}
	return r.patterns(name), true
}

// above reads the rules of the folders above the root, up to the git repository
// that the root lies in. It returns the root's path from there.
func (r *reader) above() (parent *rules, top string) {
	if _, ok := gitDir(r.fs, "."); ok {
		return nil, ""
	}
	names := strings.Split(strings.Trim(r.fs.Root(), "/"), "/")
	depth := 0
	for up := 1; up <= len(names); up++ {
		if _, ok := gitDir(r.fs, climb(up)); ok {
			depth = up
			break
		}
	}
	if depth == 0 {
		return nil, ""
	}
	inside := names[len(names)-depth:] // from the repository's folder to the root
	base := 0
	for up := depth; up > 0; up-- {
		dir := climb(up)
		f := &rules{parent: parent, base: base}
		f.git = r.optional(join(dir, gitIgnoreName))
		f.plain = r.optional(join(dir, plainIgnoreName))
		if up == depth {
			f.exclude, f.repository = r.repository(dir)
		}
		parent = f
		base += len(inside[depth-up]) + 1
	}
	return parent, strings.Join(inside, "/") + "/"
}

// optional reads an ignore file that may not be there. As in git, it is not
// read through a symbolic link.
func (r *reader) optional(name string) *patterns {
	info, err := r.fs.Lstat(name)
	if err != nil || !info.Mode.IsRegular() {
		return nil
	}
	return r.patterns(name)
}

// climb is the folder so many levels above the root.
func climb(levels int) string {
	return strings.TrimSuffix(strings.Repeat("../", levels), "/")
}

// gitDir finds what git calls the common directory of the repository or work
// tree that begins at a folder. It reports false where none begins there.
func gitDir(fs fsys.FS, dir string) (string, bool) {
	name := join(dir, gitDirName)
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
	if _, err := fs.Lstat(join(name, "HEAD")); err != nil {
		return "", false // as git, which passes over a folder that is only called .git
	}
	if common, ok := firstLine(fs, join(name, "commondir")); ok {
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

// join is [Join] with a clean result.
func join(dir, name string) string { return path.Join(dir, name) }
