package ecmascript

import (
	"path"
	"path/filepath"
	"strings"

	"github.com/eddy-build/eddy/internal/fsys"
	"github.com/eddy-build/eddy/loader"
)

// paths reads paths as manifests write them. All that it returns is relative to
// the workspace root, and begins with "../" above it.
type paths struct {
	fs   fsys.FS
	tree *loader.Tree
	root string // the workspace root, an absolute slash path; "" where unknown
	// above are the names of the folders that lead to the root, the root's own
	// last.
	above []string
}

func newPaths(ws *loader.Workspace) *paths {
	p := &paths{fs: ws.FS, tree: ws.Tree, root: filepath.ToSlash(ws.Root)}
	for seg := range strings.SplitSeq(p.root, "/") {
		if seg != "" {
			p.above = append(p.above, seg)
		}
	}
	return p
}

// rel reads a path that is written in a manifest of a folder.
func (p *paths) rel(dir, written string) string {
	if path.IsAbs(written) {
		switch rest, ok := strings.CutPrefix(written, p.root); {
		case ok && p.root != "" && rest == "":
			return "."
		case ok && p.root != "" && rest[0] == '/':
			return cleanPath(rest[1:])
		}
		return strings.Repeat("../", len(p.above)) + strings.TrimPrefix(path.Clean(written), "/")
	}
	return p.inward(cleanPath(dir + "/" + written))
}

// inward turns "../w/x" into "x" where w is the workspace root's own name.
func (p *paths) inward(clean string) string {
	up := 0
	rest := clean
	for strings.HasPrefix(rest, "../") {
		rest = rest[len("../"):]
		up++
	}
	if up == 0 || up > len(p.above) {
		return clean
	}
	for _, name := range p.above[len(p.above)-up:] {
		head, tail, more := strings.Cut(rest, "/")
		if head != name {
			return clean
		}
		rest = tail
		if !more {
			rest = ""
		}
	}
	if rest == "" {
		return "."
	}
	return rest
}

// read reads a manifest. Inside the workspace the tree says whether it is
// there; elsewhere, and below node_modules, the file system does.
func (p *paths) read(name string) ([]byte, bool) {
	outside := strings.HasPrefix(name, "../") || strings.HasPrefix(name, "node_modules/") ||
		strings.Contains(name, "/node_modules/")
	if !outside && !p.tree.File(name) {
		return nil, false
	}
	src, _, err := p.fs.ReadFile(name, nil)
	return src, err == nil
}

// cleanPath is path.Clean, without an allocation where nothing is to be done.
func cleanPath(p string) string { return path.Clean(p) }

// cleanTarget cleans a target but keeps the slash at its end, which says that it
// is a folder.
func cleanTarget(p string) string {
	clean := cleanPath(p)
	if strings.HasSuffix(p, "/") && clean != "/" {
		return clean + "/"
	}
	return clean
}

// isRelative reports whether a specifier is relative to the file it is in.
func isRelative(s string) bool {
	return s == "." || s == ".." || strings.HasPrefix(s, "./") || strings.HasPrefix(s, "../")
}
