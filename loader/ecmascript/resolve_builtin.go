package ecmascript

import (
	"strings"

	"github.com/eddy-build/eddy/module"
)

// builtinNames lists the modules of Node that can be imported without a prefix:
// module.builtinModules of Node 24, without those that begin with "_" or
// "node:".
const builtinNames = `assert assert/strict async_hooks buffer child_process cluster console constants crypto
dgram diagnostics_channel dns dns/promises domain events fs fs/promises http http2 https inspector
inspector/promises module net os path path/posix path/win32 perf_hooks process punycode querystring readline
readline/promises repl stream stream/consumers stream/promises stream/web string_decoder sys timers
timers/promises tls trace_events tty url util util/types v8 vm wasi worker_threads zlib`

// legacyNames are modules of Node that it warns about.
const legacyNames = `_http_agent _http_client _http_common _http_incoming _http_outgoing _http_server
_stream_duplex _stream_passthrough _stream_readable _stream_transform _stream_wrap _stream_writable
_tls_common _tls_wrap`

// builtins maps the names of Node's modules to their modules. It is never
// written after.
var builtins = func() map[string]*module.Module {
	table := make(map[string]*module.Module)
	for _, name := range strings.Fields(builtinNames + " " + legacyNames) {
		table[name] = standard("node:" + name)
	}
	return table
}()

// standard is a module of a run-time environment's own library.
func standard(id string) *module.Module {
	return &module.Module{ID: module.ID(id), Name: id, Kind: module.KindStandard}
}

// scheme splits a specifier such as "node:fs" or "virtual:x" before the colon.
// A scheme has letters, digits and "+-." and begins with a letter.
func scheme(specifier string) (string, bool) {
	for i := range len(specifier) {
		switch c := specifier[i]; {
		case c == ':':
			return specifier[:i], i > 0
		case 'a' <= c && c <= 'z', 'A' <= c && c <= 'Z':
		case i > 0 && ('0' <= c && c <= '9' || c == '+' || c == '-' || c == '.'):
		default:
			return "", false
		}
	}
	return "", false
}

// byScheme answers for a specifier with a scheme. Kinds: what belongs to a run
// time is standard, what is fetched or made up by a plug-in is external.
func byScheme(prefix, specifier string) (*module.Module, string) {
	rest := specifier[len(prefix)+1:]
	switch prefix {
	case "node":
		if m := builtins[rest]; m != nil {
			return m, "module of Node"
		}
		return standard(specifier), "module of Node"
	case "bun", "deno", "cloudflare", "workerd":
		return standard(specifier), "module of the run time " + prefix
	case "npm", "jsr":
		name, _ := packageName(strings.TrimPrefix(rest, "/"))
		if i := strings.LastIndexByte(name, '@'); i > 0 {
			name = name[:i]
		}
		if prefix == "npm" {
			return external(name), "package named with its registry"
		}
		return &module.Module{ID: module.ID("jsr:" + name), Name: name, Kind: module.KindExternal, Package: name},
			"package named with its registry"
	case "data":
		media, _, _ := strings.Cut(rest, ",")
		media, _, _ = strings.Cut(media, ";")
		return &module.Module{ID: module.ID("data:" + media), Name: "data:" + media, Kind: module.KindExternal}, "data URL"
	case "http", "https":
		return &module.Module{ID: module.ID(specifier), Name: specifier, Kind: module.KindExternal}, "URL"
	}
	return &module.Module{ID: module.ID(specifier), Name: specifier, Kind: module.KindExternal},
		"virtual module of a bundler or framework"
}
