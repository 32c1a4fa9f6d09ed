package python

import "github.com/eddy-build/eddy/loader"

// Explain says under which root a Python file has its name, and where its
// imports are looked for.
func (r *resolver) Explain(path string) []string {
	if r.factsOf(path) == nil {
		return nil
	}
	dir, name := loader.Split(path)
	if v := r.layout.inVenv(dir); v != "" {
		return nil
	}
	home := r.layout.home(dir)
	why := "the nearest folder that is no package"
	if root := r.layout.roots[home]; root != nil {
		why = root.why
	}
	lines := []string{"python: " + path + " is the module " + r.layout.lodge(dir).name(name) + " under the root " + home + " (" + why + ")"}
	said := map[string]bool{}
	say := func(dir, why string) {
		if said[dir] {
			return
		}
		said[dir] = true
		lines = append(lines, "python: absolute imports look in "+dir+" ("+why+")")
	}
	for _, dir := range r.layout.given {
		say(dir, "given as a root")
	}
	p := r.paths[dir]
	if p.script != "" {
		say(p.script, "the script's own folder")
	}
	say("the standard library", "before all other roots")
	for _, dir := range p.folders {
		why := "a folder above"
		if root := r.layout.roots[dir]; root != nil {
			why = root.why
		}
		say(dir, why)
	}
	for _, root := range r.layout.shared {
		say(root.dir, root.why)
	}
	return lines
}
