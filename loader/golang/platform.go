package golang

import (
	"fmt"
	"go/build/constraint"
	"runtime"
	"slices"
	"strconv"
	"strings"
)

// port is a pair of operating system and architecture that Go builds for.
type port struct {
	goos, goarch string
	cgo          bool   // whether cgo can be used there
	toolTags     string // the tags that the toolchain sets, comma-separated
}

// platform is what build constraints are evaluated for.
type platform struct {
	port
	cgo  bool     // whether cgo is on
	tags []string // set by the user
}

// String returns "linux/amd64" and the user's tags, with commas between.
func (p platform) String() string {
	s := p.goos + "/" + p.goarch
	for _, tag := range p.tags {
		s += "," + tag
	}
	return s
}

// hostPlatform returns the platform that the go command would build for.
func hostPlatform(getenv func(string) string, lookPath func(string) (string, error)) platform {
	goos, goarch := getenv("GOOS"), getenv("GOARCH")
	if goos == "" {
		goos = runtime.GOOS
	}
	if goarch == "" {
		goarch = runtime.GOARCH
	}
	p := platform{port: portOf(goos, goarch)}
	switch getenv("CGO_ENABLED") {
	case "0":
	case "1":
		p.cgo = true
	default:
		if goos != runtime.GOOS || goarch != runtime.GOARCH || !p.port.cgo {
			break
		}
		p.cgo = true
		if getenv("CC") == "" {
			_, err := lookPath(defaultCompiler(goos))
			p.cgo = err == nil
		}
	}
	return p
}

// defaultCompiler is the C compiler that the go command looks for.
func defaultCompiler(goos string) string {
	switch goos {
	case "darwin", "ios", "freebsd", "openbsd":
		return "clang"
	}
	return "gcc"
}

// portOf returns what is known of a pair, if only its names.
func portOf(goos, goarch string) port {
	for _, p := range ports {
		if p.goos == goos && p.goarch == goarch {
			return p
		}
	}
	return port{goos: goos, goarch: goarch}
}

// CheckPlatform says what is wrong with a value of [loader.Options].GoPlatform.
func CheckPlatform(value string) error {
	_, err := parsePlatforms(value, platform{})
	return err
}

// platforms is a choice of platforms: a file is built if any of them builds it.
type platforms struct {
	list []platform
	free []string // tags that may be set or not, for "all"
}

// parsePlatforms reads "" and "host", "linux/arm64" or "all", each with tags
// after a comma. A named platform has cgo if the host is that platform and has
// it, or if the tag cgo is among the tags.
//
// With "all" a file is built if at least one platform of the toolchain, with
// cgo on or off and with any choice of the tags listed, satisfies its
// constraint. So a file for ignore is never built, and one for integration only
// with "all,integration".
func parsePlatforms(value string, host platform) (platforms, error) {
	name, rest, hasTags := strings.Cut(value, ",")
	var tags []string
	cgo := false
	if hasTags {
		for tag := range strings.SplitSeq(rest, ",") {
			tag = strings.TrimSpace(tag)
			switch {
			case tag == "cgo":
				cgo = true
			case isTag(tag):
				tags = append(tags, tag)
			default:
				return platforms{}, fmt.Errorf("platform %q: %q is no build tag, which is made of letters, digits, _ and \".\"", value, tag)
			}
		}
	}

	switch name = strings.TrimSpace(name); name {
	case "", "host":
		host.tags = append(slices.Clip(host.tags), tags...)
		host.cgo = host.cgo || cgo
		return platforms{list: []platform{host}}, nil
	case "all":
		var all []platform
		for _, p := range ports {
			all = append(all, platform{port: p})
			if p.cgo {
				all = append(all, platform{port: p, cgo: true})
			}
		}
		return platforms{list: all, free: tags}, nil
	}

	goos, goarch, _ := strings.Cut(name, "/")
	p := platform{port: portOf(goos, goarch), tags: tags, cgo: cgo}
	if p.toolTags == "" {
		return platforms{}, fmt.Errorf("platform %q: %q is no platform of Go: want one that \"go tool dist list\" names, "+
			"such as linux/arm64, or all, or host", value, name)
	}
	if goos == host.goos && goarch == host.goarch {
		p.cgo = p.cgo || host.cgo
	}
	return platforms{list: []platform{p}}, nil
}

func isTag(tag string) bool {
	x, err := constraint.Parse("//go:build " + tag)
	if err != nil {
		return false
	}
	_, ok := x.(*constraint.TagExpr)
	return ok
}

// tag reports whether a build tag is set. minor is the Go release whose tags
// are set.
func (p *platform) tag(name string, minor int) bool {
	switch name {
	case "cgo":
		return p.cgo
	case p.goos, p.goarch, "gc":
		return true
	case "linux":
		return p.goos == "android" || slices.Contains(p.tags, name)
	case "solaris":
		return p.goos == "illumos" || slices.Contains(p.tags, name)
	case "darwin":
		return p.goos == "ios" || slices.Contains(p.tags, name)
	case "unix":
		return slices.Contains(unixSystems[:], p.goos) || slices.Contains(p.tags, name)
	case "boringcrypto":
		name = "goexperiment.boringcrypto" // its old name
	}
	if digits, ok := strings.CutPrefix(name, "go1."); ok {
		if n, err := strconv.Atoi(digits); err == nil && strconv.Itoa(n) == digits && n >= 1 && n <= minor {
			return true
		}
	}
	if slices.Contains(p.tags, name) {
		return true
	}
	for tag := range strings.SplitSeq(p.toolTags, ",") {
		if tag == name {
			return true
		}
	}
	return false
}

// nameTags are the tags that a file's name asks for; empty where it asks for
// none.
type nameTags struct {
	goos, goarch string
}

// nameTagsOf reads the suffix of a file name: x_GOOS.go, x_GOARCH.go or
// x_GOOS_GOARCH.go, each perhaps with _test. A name that is nothing but a
// system, such as linux.go, has none.
func nameTagsOf(name string) nameTags {
	if i := strings.IndexByte(name, '.'); i >= 0 {
		name = name[:i]
	}
	first := strings.IndexByte(name, '_')
	if first < 0 {
		return nameTags{}
	}
	name = strings.TrimSuffix(name[first:], "_test")
	i := strings.LastIndexByte(name, '_')
	if i < 0 {
		return nameTags{}
	}
	last := name[i+1:]
	if slices.Contains(knownArchitectures[:], last) {
		before := name[:i]
		if j := strings.LastIndexByte(before, '_'); j >= 0 && slices.Contains(knownSystems[:], before[j+1:]) {
			return nameTags{goos: before[j+1:], goarch: last}
		}
		return nameTags{goarch: last}
	}
	if slices.Contains(knownSystems[:], last) {
		return nameTags{goos: last}
	}
	return nameTags{}
}

// The names that the go command recognises in file names, past and future ones
// too. A test holds them against the toolchain.
var (
	knownSystems = [...]string{
		"aix", "android", "darwin", "dragonfly", "freebsd", "hurd", "illumos", "ios", "js", "linux", "nacl",
		"netbsd", "openbsd", "plan9", "solaris", "wasip1", "windows", "zos",
	}
	unixSystems = [...]string{
		"aix", "android", "darwin", "dragonfly", "freebsd", "hurd", "illumos", "ios", "linux",
		"netbsd", "openbsd", "solaris",
	}
	knownArchitectures = [...]string{
		"386", "amd64", "amd64p32", "arm", "armbe", "arm64", "arm64be", "loong64", "mips", "mipsle", "mips64",
		"mips64le", "mips64p32", "mips64p32le", "ppc", "ppc64", "ppc64le", "riscv", "riscv64", "s390", "s390x",
		"sparc", "sparc64", "wasm",
	}
)
