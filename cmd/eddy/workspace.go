package main

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/eddy-build/eddy"
	"github.com/eddy-build/eddy/internal/config"
	"github.com/eddy-build/eddy/module"
	"github.com/eddy-build/eddy/render"
)

// workspace is a loaded root with what its reports need.
type workspace struct {
	*eddy.Snapshot
	prefix string // what stands before a path of the workspace to reach it from the current folder
	took   time.Duration
}

// root is the folder that the command line says to work in.
func (p *process) root() string {
	if p.cli.Dir == "" {
		return "."
	}
	return p.cli.Dir
}

// load loads the workspace of the command line, or reads the graph of --from.
func (p *process) load() (*workspace, error) {
	if p.cli.From != "" {
		return p.read(p.cli.From)
	}
	return p.loadRoot(p.root())
}

// loadRoot loads the workspace at a root.
func (p *process) loadRoot(root string, opts ...eddy.Option) (*workspace, error) {
	start := time.Now()
	progress := p.startProgress()
	defer progress.stop()
	engine, err := p.open(root, append(opts, eddy.WithProgress(progress.report))...)
	if err != nil {
		return nil, err
	}
	p.engine = engine
	if !p.alone && !p.cli.NoDaemon && !p.cli.NoCache {
		if snapshot := p.fromServer(engine); snapshot != nil {
			return &workspace{Snapshot: snapshot, prefix: prefixOf(root), took: time.Since(start)}, nil
		}
	}
	snapshot, err := engine.Load(p.ctx)
	if err != nil {
		return nil, err
	}
	if p.cli.Verbose {
		progress.stop()
		fmt.Fprintf(p.stderr, "eddy: %s\n", snapshot.Start())
	}
	return &workspace{Snapshot: snapshot, prefix: prefixOf(root), took: time.Since(start)}, nil
}

// open makes an engine on the workspace at a root, as the command line and the
// configuration say.
func (p *process) open(root string, opts ...eddy.Option) (*eddy.Engine, error) {
	if info, err := os.Stat(root); err != nil {
		return nil, notThere(root, err)
	} else if !info.IsDir() {
		return nil, fmt.Errorf("%s is not a folder", render.Printable(root))
	}
	var conf config.Config
	if !p.cli.NoConfig {
		var err error
		if conf, err = config.Load(root); err != nil {
			return nil, err
		}
	}
	if p.cli.Workers > 0 {
		conf.Workers = p.cli.Workers
	}
	if p.cli.Platform != "" {
		conf.Platform = p.cli.Platform
	}
	own := []eddy.Option{
		eddy.WithWorkers(conf.Workers),
		eddy.WithPlatform(conf.Platform),
		eddy.WithExclude(append(conf.Exclude, p.cli.Exclude...)...),
		eddy.WithPythonRoots(conf.PythonRoots...),
		eddy.WithEnv(p.getenv),
	}
	if store, err := p.store(); err == nil {
		own = append(own, eddy.WithStore(store))
	} else if p.cli.Verbose {
		fmt.Fprintf(p.stderr, "eddy: %v\n", err)
	}
	return eddy.Open(root, append(own, opts...)...)
}

func (p *process) getenv(name string) string { return p.env[name] }

// read reads the graph of --from.
func (p *process) read(file string) (*workspace, error) {
	start := time.Now()
	in := p.stdin
	name := "standard input"
	if file != "-" {
		name = file
		f, err := os.Open(file)
		if err != nil {
			return nil, notThere(file, err)
		}
		defer f.Close()
		in = f
	}
	set, err := render.ReadJSON(&interruptible{p, in})
	if err != nil {
		var syntax *render.SyntaxError
		if errors.As(err, &syntax) {
			return nil, fmt.Errorf("%s:%w", name, err)
		}
		return nil, fmt.Errorf("read %s: %w", name, err)
	}
	return &workspace{Snapshot: eddy.NewSnapshot(set), took: time.Since(start)}, nil
}

// interruptible is a reader that ends when the command is interrupted.
type interruptible struct {
	p *process
	r io.Reader
}

func (i *interruptible) Read(b []byte) (int, error) {
	if err := i.p.ctx.Err(); err != nil {
		return 0, err
	}
	return i.r.Read(b)
}

// notThere says that a path the user named cannot be used, in few words.
func notThere(path string, err error) error {
	if errors.Is(err, fs.ErrNotExist) {
		return fmt.Errorf("%s does not exist", render.Printable(path))
	}
	return err
}

// prefixOf returns the slash path from the current folder to a root, with a
// slash at its end, or nothing where they are the same. Positions begin with it,
// so that terminals and editors find the file.
func prefixOf(root string) string {
	clean := filepath.ToSlash(filepath.Clean(root))
	if clean == "." {
		return ""
	}
	return strings.TrimSuffix(clean, "/") + "/"
}

// place is a position as it is shown: "file:line:column" from the current folder.
func (w *workspace) place(s module.Span) string {
	if s.File == "" {
		return ""
	}
	return render.Printable(w.prefix + s.String())
}
