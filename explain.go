package eddy

import (
	"fmt"
	"path"
	"slices"
	"strings"

	"github.com/eddy-build/eddy/loader"
	"github.com/eddy-build/eddy/module"
)

// Explain says, in lines for a person, why a path of the workspace is or is not
// a module, and what each of its imports came to, by which rule.
func (s *Snapshot) Explain(file string) []string {
	file = path.Clean(strings.ReplaceAll(file, `\`, "/"))
	var lines []string
	var loaded *loader.Result
	if s.loaded != nil {
		loaded = s.loaded()
	}
	if s.walked != nil {
		loaded = s.walked()
	}
	ids := s.ownersOf(file)
	if _, ok := s.Module(module.ID(file)); ok && !slices.Contains(ids, module.ID(file)) {
		ids = append(ids, module.ID(file))
	}
	for _, id := range ids {
		m, _ := s.Module(id)
		if string(m.ID) == file {
			lines = append(lines, fmt.Sprintf("%s is %s module", file, article(m.Kind)))
		} else {
			lines = append(lines, fmt.Sprintf("%s is a file of the %s module %s", file, m.Kind, m.ID))
		}
		if loaded != nil {
			lines = append(lines, loaded.ExplainImports(m, file)...)
		}
	}
	if loaded != nil {
		lines = append(lines, loaded.ExplainPath(file, len(ids) > 0)...)
	} else if len(ids) == 0 {
		lines = append(lines, file+" is not a file of any module of this graph")
	}
	return lines
}

func article(k module.Kind) string {
	if k == module.KindAsset || k == module.KindExternal {
		return "an " + k.String()
	}
	return "a " + k.String()
}
