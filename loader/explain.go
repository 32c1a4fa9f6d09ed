package loader

import (
	"fmt"
	"strings"

	"github.com/eddy-build/eddy/module"
)

// ExplainPath says, in lines for a person, what the load made of a path:
// ignored, skipped, an asset or not there, and which manifests govern it.
// isModule tells that it belongs to a module, which the caller has said.
func (r *Result) ExplainPath(path string, isModule bool) []string {
	var lines []string
	if !isModule {
		lines = append(lines, r.whyNot(path))
	}
	for _, x := range r.indexed() {
		if e, ok := x.resolver.(Explainer); ok {
			lines = append(lines, e.Explain(path)...)
		}
	}
	return lines
}

// whyNot says why a path is no module.
func (r *Result) whyNot(path string) string {
	for _, s := range r.Skipped {
		if s.Path == path {
			return path + " belongs to no module: " + s.Reason
		}
	}
	if reason, ok := r.Tree.Ignored(path); ok {
		return path + " is left out: " + reason
	}
	if r.Tree.Dir(path) {
		return path + " is a folder, not a module"
	}
	if !r.Tree.File(path) {
		return path + " does not exist in the workspace"
	}
	for _, fe := range r.frontends {
		switch fe.Claim(path) {
		case ClaimConfig:
			return path + " is a manifest that " + fe.Name() + " reads; it is not a module"
		case ClaimSource:
			return path + " is claimed by " + fe.Name() + " and belongs to no module"
		}
	}
	return path + " is no module: no front-end reads such files, and nothing imports it"
}

// ExplainImports says what each import that a module has in a file came to, and
// by which rule.
func (r *Result) ExplainImports(m *module.Module, file string) []string {
	resolver := r.resolverOf(m)
	if resolver == nil {
		return nil
	}
	var lines []string
	res := NewResolution(r.Tree)
	for i := range m.Imports {
		imp := &m.Imports[i]
		if imp.Span.File != file {
			continue
		}
		res.Reset()
		resolver.Resolve(m, imp, res)
		var to []string
		for _, t := range res.Targets {
			to = append(to, string(t.ID)+" ("+t.Kind.String()+")")
		}
		head := fmt.Sprintf("  %d:%d %s %q → ", imp.Span.Line, imp.Span.Column, imp.Kind, imp.Specifier)
		switch {
		case res.Reason != "":
			lines = append(lines, head+"unresolved: "+res.Reason)
			for _, p := range res.Probed {
				lines = append(lines, "      probed "+p)
			}
		case len(to) == 0:
			lines = append(lines, head+"no dependency")
		default:
			lines = append(lines, head+strings.Join(to, ", ")+by(res.Rule))
		}
	}
	for _, span := range r.dynamic(file) {
		lines = append(lines, fmt.Sprintf("  %d:%d an import whose target is computed at run time; it is not followed", span.Line, span.Column))
	}
	return lines
}

func by(rule string) string {
	if rule == "" {
		return ""
	}
	return ", by " + rule
}

// resolverOf returns the resolver that listed a module, or nil.
func (r *Result) resolverOf(m *module.Module) Resolver {
	if fe, ok := r.frontendOf(m); ok {
		return r.indexed()[fe].resolver
	}
	return nil
}

// dynamic lists the imports of a file whose specifier cannot be read.
func (r *Result) dynamic(file string) []module.Span {
	i, ok := r.findSource(file)
	if !ok || !r.complete() {
		return nil
	}
	return r.sources[i].facts.Dynamic
}
