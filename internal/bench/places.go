package main

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"time"
)

// places knows where the programs and corpora are.
type places struct {
	repo string // the repository, an absolute path
	root string // GOROOT
}

func locate(ctx context.Context) (*places, error) {
	mod, err := output(ctx, "go", "env", "GOMOD", "GOROOT")
	if err != nil {
		return nil, err
	}
	file, root, _ := strings.Cut(mod, "\n")
	if filepath.Base(file) != "go.mod" {
		return nil, errors.New("not in the repository: run it by make bench, or go run ./internal/bench at its root")
	}
	return &places{repo: filepath.Dir(file), root: root}, nil
}

// build makes the programs of this repository that are measured.
func (p *places) build(ctx context.Context) error {
	bin := p.bench("bin") + string(filepath.Separator)
	if err := os.MkdirAll(bin, 0o755); err != nil {
		return err
	}
	build := exec.CommandContext(ctx, "go", "build", "-o", bin, "./cmd/eddy", "./internal/bench/...")
	build.Dir = p.repo
	build.Env = append(os.Environ(), "CGO_ENABLED=0") // as make build
	if out, err := build.CombinedOutput(); err != nil {
		return fmt.Errorf("%v: %w\n%s", build.Args, err, out)
	}
	return nil
}

// bench returns a path below .bench.
func (p *places) bench(name string) string {
	return filepath.Join(p.repo, ".bench", filepath.FromSlash(name))
}

// goroot returns a path below GOROOT.
func (p *places) goroot(name string) string { return filepath.Join(p.root, name) }

// eddy is Eddy's own command line, run in dir, with nothing kept from an earlier
// run.
func (p *places) eddy(dir string, args ...string) command {
	cache := p.bench("cache")
	return command{
		name: "eddy", path: p.bin("eddy"), args: args, dir: dir,
		env:    []string{"EDDY_CACHE_DIR=" + cache},
		before: func() error { return os.RemoveAll(cache) },
	}
}

// program is another program of this repository.
func (p *places) program(name, dir string, args ...string) command {
	return command{name: name, path: p.bin(name), args: args, dir: dir}
}

func (p *places) bin(name string) string {
	if runtime.GOOS == "windows" {
		name += ".exe"
	}
	return filepath.Join(p.bench("bin"), name)
}

// npm is a program of the packages that install.sh has installed from npm.
func (p *places) npm(name, dir string, args ...string) command {
	return command{name: name, path: p.bench("npm/node_modules/.bin/" + name), args: args, dir: dir}
}

// node is an npm program in JavaScript, with more stack than it would get: most of
// them recurse over expressions, or along imports.
func (p *places) node(name, dir string, args ...string) command {
	script := p.bench("npm/node_modules/.bin/" + name)
	return p.path("node", dir, append([]string{"--stack-size=7000", script}, args...)...).as(name)
}

// python is a program of the virtual environment that install.sh has made.
func (p *places) python(name, dir string, args ...string) command {
	return command{name: name, path: p.bench("python/venv/bin/" + name), args: args, dir: dir}
}

// path is a program that the machine has.
func (p *places) path(name, dir string, args ...string) command {
	path, err := exec.LookPath(name)
	if err != nil {
		path = name
	}
	return command{name: name, path: path, args: args, dir: dir}
}

// machine returns the head of the report: what a reader must know to make sense
// of the numbers, and the head of the table.
func machine(ctx context.Context, at *places) (string, error) {
	version, err := output(ctx, "go", "env", "GOVERSION")
	if err != nil {
		return "", err
	}
	processor := runtime.GOARCH
	if info, err := os.ReadFile("/proc/cpuinfo"); err == nil {
		for line := range strings.Lines(string(info)) {
			if key, value, ok := strings.Cut(line, ":"); ok && strings.TrimSpace(key) == "model name" {
				processor = strings.TrimSpace(value)
				break
			}
		}
	}
	versions, err := os.ReadFile(at.bench("versions"))
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return "", err
	}
	peers := strings.Join(strings.Fields(string(versions)), ", ")
	return fmt.Sprintf("%s; %s, %d cores, %s; %s; %s.\n\n%s", time.Now().Format(time.DateOnly),
		processor, runtime.NumCPU(), runtime.GOOS, version, peers, tableHead), nil
}

// output returns what a command prints, without the white space around it.
func output(ctx context.Context, name string, args ...string) (string, error) {
	out, err := exec.CommandContext(ctx, name, args...).Output()
	if err != nil {
		return "", fmt.Errorf("%s %s: %w", name, strings.Join(args, " "), err)
	}
	return strings.TrimSpace(string(out)), nil
}
