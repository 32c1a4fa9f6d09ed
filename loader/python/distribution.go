package python

import (
	"strings"

	"github.com/eddy-build/eddy/loader"
)

// distInfo is how the folder of an installed distribution's own records ends:
// "pytest-8.4.1.dist-info".
const distInfo = ".dist-info"

// standardLandmark is the file by which the interpreter itself recognizes the
// folder of its library.
const standardLandmark = "os.py"

// distribution returns the name of what the modules of a folder are developed,
// installed and released with; name is that of the package that the folder is. It
// is the nearest project that has a name; where files are installed, the one whose
// records lie beside them; "python" for the standard library; and where nothing
// says what belongs together, the topmost regular package. It is empty where none
// of this is known: a script, or one folder for several distributions.
func (l *layout) distribution(dir, name string) string {
	if p := l.projectOf(dir); p != nil {
		return p.name
	}
	nameless := false
	for d := dir; ; d, _ = loader.Split(d) {
		if names := l.records[d]; len(names) == 1 {
			return names[0]
		} else if len(names) > 1 {
			return ""
		}
		nameless = nameless || l.projects[d] != nil
		if d == "." {
			break
		}
	}
	if home := l.home(dir); home != "" && l.tree.File(loader.Join(home, standardLandmark)) {
		return "python"
	}
	if nameless || l.above(dir) == dir {
		return ""
	}
	top, _, _ := strings.Cut(name, ".")
	return top
}

// projectOf returns the nearest project at or above a folder that has a name.
func (l *layout) projectOf(dir string) *project {
	for {
		if p := l.projects[dir]; p != nil && p.name != "" {
			return p
		}
		if dir == "." {
			return nil
		}
		dir, _ = loader.Split(dir)
	}
}
