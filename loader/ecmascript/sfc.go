package ecmascript

import (
	"bytes"
	"path"
	"strings"

	"github.com/eddy-build/eddy/module"
)

// splitterOf returns what finds the scripts in a file of another language, or
// nil for a file that is a script as a whole.
func splitterOf(name string) func(src []byte, b *factsBuilder) []script {
	switch path.Ext(name) {
	case ".vue":
		return splitVue
	case ".svelte":
		return splitSvelte
	case ".astro":
		return splitAstro
	}
	return nil
}

// scriptSyntax is the syntax of a component's script, by its lang attribute.
func scriptSyntax(lang string) syntax {
	switch strings.ToLower(lang) {
	case "ts", "typescript", "text/typescript":
		return syntax{ts: true, module: true}
	case "tsx":
		return syntax{ts: true, jsx: true, module: true}
	}
	return syntax{jsx: true, docs: true, module: true}
}

// splitVue finds the scripts among the top-level blocks of a Vue component. A
// block's src attribute imports what stands for its content.
func splitVue(src []byte, b *factsBuilder) (scripts []script) {
	for i := 0; i < len(src); {
		t, ok := nextTag(src, i)
		if !ok {
			break
		}
		i = t.end
		if t.closing {
			continue
		}
		if at, ok := t.attribute("src"); ok {
			b.importSource(at)
		}
		if t.selfClosing {
			continue
		}
		lang := t.value("lang")
		inner := 0
		if t.name == "template" && (lang == "" || lang == "html") {
			inner, i = closeNested(src, t)
		} else {
			inner, i = closeRaw(src, t)
		}
		if t.name == "script" && inner > t.end {
			scripts = append(scripts, script{t.end, inner, scriptSyntax(lang)})
		}
	}
	return scripts
}

// splitSvelte finds the scripts of a Svelte component: the module's and the
// instance's, not those that its head element puts into the page.
func splitSvelte(src []byte, _ *factsBuilder) (scripts []script) {
	for i := 0; i < len(src); {
		t, ok := nextTag(src, i)
		if !ok {
			break
		}
		i = t.end
		if t.closing || t.selfClosing {
			continue
		}
		switch t.name {
		case "svelte:head", "style":
			_, i = closeRaw(src, t)
		case "script":
			inner, end := closeRaw(src, t)
			scripts = append(scripts, script{t.end, inner, scriptSyntax(t.value("lang"))})
			i = end
		}
	}
	return scripts
}

// splitAstro finds the scripts of an Astro component: what its fences hold, and
// the scripts that Astro bundles, which have no attribute but src.
func splitAstro(src []byte, b *factsBuilder) (scripts []script) {
	i := 0
	if open := bytes.Index(src, []byte("---")); open >= 0 && len(bytes.TrimSpace(bytes.TrimPrefix(src[:open], []byte("\ufeff")))) == 0 {
		start := open + len("---")
		end := fence(src, start)
		scripts = append(scripts, script{start, end, syntax{ts: true, module: true}})
		i = end
	}
	for i < len(src) {
		t, ok := nextTag(src, i)
		if !ok {
			break
		}
		i = t.end
		if t.closing || t.selfClosing && t.name != "script" {
			continue
		}
		switch t.name {
		case "style":
			_, i = closeRaw(src, t)
		case "script":
			at, hasSource := t.attribute("src")
			bundled := len(t.attributes) == 0 || hasSource && len(t.attributes) == 1
			if bundled && hasSource {
				b.importSource(at)
			}
			if t.selfClosing {
				continue
			}
			inner, end := closeRaw(src, t)
			if bundled && inner > t.end {
				scripts = append(scripts, script{t.end, inner, syntax{ts: true, module: true}})
			}
			i = end
		}
	}
	return scripts
}

// fence returns the offset of the line that closes an Astro component's script.
func fence(src []byte, i int) int {
	for at := i; ; {
		n := bytes.Index(src[at:], []byte("---"))
		if n < 0 {
			return len(src)
		}
		at += n
		line := bytes.LastIndexByte(src[i:at], '\n')
		if len(bytes.TrimSpace(src[i+line+1:at])) == 0 && line >= 0 {
			return at
		}
		at += len("---")
	}
}

// importSource records the import that a src attribute makes, at its value.
func (b *factsBuilder) importSource(value span) {
	text := string(b.src[value.start:value.end])
	text = strings.Trim(text, `"'`)
	if text == "" || strings.Contains(text, "://") || strings.HasPrefix(text, "//") {
		return
	}
	b.facts.Imports = append(b.facts.Imports, module.Import{
		Specifier: text, Kind: module.Static,
		Span: module.Span{File: b.path, Offset: value.start, End: value.end},
	})
}
