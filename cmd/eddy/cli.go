package main

import (
	"errors"
	"fmt"
	"slices"

	"github.com/alecthomas/kong"

	"github.com/eddy-build/eddy/internal/config"
	"github.com/eddy-build/eddy/module"
)

// cli is the command line.
type cli struct {
	Help helpFlag `short:"h" help:"Show this help." group:"global"`

	ShowVersion versionFlag `name:"version" help:"Print the version." group:"global"`

	Dir      string   `short:"C" name:"dir" placeholder:"DIR" help:"Work in DIR in place of the current folder." group:"global"`
	From     string   `placeholder:"FILE" help:"Read the graph from FILE (\"-\" for standard input), as \"graph --format json\" writes it, in place of the sources." group:"global"`
	Exclude  []string `placeholder:"PATTERN" sep:"none" help:"Leave out the files and folders that match PATTERN, as in .gitignore. Can be given again." group:"global"`
	Platform string   `placeholder:"PLATFORM" help:"Which Go files count: \"linux/arm64\", with tags as in \"linux/arm64,tag\", or \"all\". Default: those of this machine." group:"global"`
	Workers  int      `placeholder:"N" help:"Read N files at once; 0, the default, for one on each processor." group:"global"`
	NoConfig bool     `help:"Do not read eddy.toml." group:"global"`
	NoCache  bool     `help:"Read every file, and keep nothing for the next run." group:"global"`
	CacheDir string   `placeholder:"DIR" help:"Keep what was read in DIR, for the next run. Default: EDDY_CACHE_DIR, else \"eddy\" in the user's cache folder." group:"global"`
	NoDaemon bool     `help:"Do not ask the server of the workspace (eddy serve)." group:"global"`
	Color    string   `enum:"auto,always,never" default:"auto" placeholder:"WHEN" help:"Colours: auto, always or never. NO_COLOR in the environment means never." group:"global"`
	Quiet    bool     `short:"q" help:"Print the results alone: no summary, no progress, no warnings." group:"global"`
	Verbose  bool     `short:"v" help:"Print everything that is otherwise cut short." group:"global"`
}

// command is a verb of the command line.
type command struct {
	name   string
	help   string
	target any // a pointer to a struct with the flags and the Run method
}

// commands lists the verbs in the order in which the help has them.
func commands() []command {
	return []command{
		{"check", "Check for dependency cycles; exit with 1 where there are any.", &checkCommand{}},
		{"cycles", "Print each cycle with a way out of it.", &cyclesCommand{}},
		{"graph", "Write the graph as Graphviz DOT, JSON or text.", &graphCommand{}},
		{"deps", "List what a module depends on.", &depsCommand{}},
		{"rdeps", "List what depends on a module.", &rdepsCommand{}},
		{"why", "Show how one module comes to depend on another.", &whyCommand{}},
		{"modules", "List the modules.", &modulesCommand{}},
		{"symbols", "List the names that a module has for others.", &symbolsCommand{}},
		{"resolve", "Show what a name means in a module, and on which way it comes there.", &resolveCommand{}},
		{"uses", "List the imports that take a name of a module.", &usesCommand{}},
		{"explain", "Say why a path is or is not a module, and where its imports lead.", &explainCommand{}},
		{"watch", "Tell what each change of the files changes in the graph, and run a command on it.", &watchCommand{}},
		{"serve", "Hold the graph ready for other commands.", &serveCommand{}},
		{"cache", "Tell of the cache, empty it, or hold it against the files.", &cacheCommand{}},
		{"stats", "Count modules and symbols, and show how the symbol caches do.", &statsCommand{}},
		{"version", "Print the version.", &versionCommand{}},
		{"completion", "Print a completion script for a shell.", &completionCommand{}},
	}
}

const description = `Eddy keeps the dependency graph of a repository: Go, TypeScript, JavaScript and Python, read as they are.

The current folder, or that of -C, is the root of the workspace; eddy.toml there is its configuration. A module is named by its path from the root ("web/app.ts", "internal/dag"), by what its language calls it, or by a pattern ("web/**").

Exit codes: 0 nothing found, 1 findings, 2 the command failed, 130 interrupted.`

// newParser makes a parser of a command line: of its own verb alone where that
// comes first, since to describe all verbs takes a millisecond.
func newParser(p *process, args []string) (*kong.Kong, error) {
	options := []kong.Option{
		kong.Bind(p),
		kong.Name("eddy"),
		kong.Description(description),
		kong.Writers(p.stdout, p.stderr),
		kong.NoDefaultHelp(),
		kong.ConfigureHelp(kong.HelpOptions{Compact: true, NoExpandSubcommands: true, FlagsLast: true}),
		kong.ExplicitGroups([]kong.Group{{Key: "global", Title: "Flags of every command:"}}),
	}
	all := commands()
	if i := slices.IndexFunc(all, func(c command) bool { return len(args) > 0 && c.name == args[0] }); i >= 0 {
		all = all[i : i+1]
	}
	for _, c := range all {
		options = append(options, kong.DynamicCommand(c.name, c.help, "", c.target))
	}
	return kong.New(p.cli, options...)
}

// check refuses the values that the types of the flags cannot.
func (c *cli) check() error {
	if c.Workers < 0 {
		return fmt.Errorf("--workers %d: want a number from 0 up", c.Workers)
	}
	if err := config.CheckPlatform(c.Platform); err != nil {
		return fmt.Errorf("--platform: %w", err)
	}
	if c.From != "" && (c.Dir != "" || c.Platform != "" || len(c.Exclude) > 0) {
		return errors.New("--from reads no sources: -C, --platform and --exclude do not apply to it")
	}
	if c.Quiet && c.Verbose {
		return errors.New("--quiet and --verbose contradict each other")
	}
	return nil
}

// helpFlag prints the help of the command that stands before it. Kong's own
// would have to exit.
type helpFlag bool

// BeforeReset is called by Kong before it complains of what is missing.
func (helpFlag) BeforeReset(line *kong.Context) error {
	if err := line.PrintUsage(false); err != nil {
		return err
	}
	return errDone
}

// IgnoreDefault keeps Kong from calling BeforeReset where the flag is not given.
func (helpFlag) IgnoreDefault() {}

// versionFlag prints the version, for those who look for a flag.
type versionFlag bool

// BeforeReset is called by Kong before it complains of what is missing.
func (versionFlag) BeforeReset(p *process) error {
	if err := (&versionCommand{}).Run(p); err != nil {
		return err
	}
	return errDone
}

// IgnoreDefault keeps Kong from calling BeforeReset where the flag is not given.
func (versionFlag) IgnoreDefault() {}

// kindsFlag is a set of import kinds.
type kindsFlag struct{ module.ImportKinds }

// UnmarshalText reads "static,type" or "all".
func (k *kindsFlag) UnmarshalText(text []byte) (err error) {
	k.ImportKinds, err = module.ParseImportKinds(string(text))
	return err
}

// allKinds is the default of the commands that only look.
const allKinds = module.AllKinds
