package main

import (
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/alecthomas/kong"
)

// completionCommand is "eddy completion".
type completionCommand struct {
	Shell string `arg:"" enum:"bash,zsh,fish" help:"bash, zsh or fish."`
}

// Help says what the lines of the flags cannot.
func (*completionCommand) Help() string {
	return `bash: source <(eddy completion bash)

zsh: eddy completion zsh > "${fpath[1]}/_eddy"

fish: eddy completion fish > ~/.config/fish/completions/eddy.fish`
}

// Run is called by Kong.
func (c *completionCommand) Run(p *process) error {
	parser, err := newParser(p, nil)
	if err != nil {
		return err
	}
	verbs := verbsOf(parser)
	var script string
	switch c.Shell {
	case "bash":
		script = bashScript(verbs)
	case "zsh":
		script = zshScript(verbs)
	case "fish":
		script = fishScript(verbs)
	}
	_, err = io.WriteString(p.stdout, script)
	return err
}

// verb is a command as a shell completes it. The first one, without a name, has
// the flags of all commands.
type verb struct {
	name, help string
	flags      []option
	words      []string // the values of its argument, where they are known
	takesFiles bool
}

type option struct {
	names  []string // with their hyphens
	help   string
	value  bool
	values []string // where they are known
}

func verbsOf(parser *kong.Kong) []verb {
	list := []verb{{flags: optionsOf(parser.Model.Flags)}}
	for _, node := range parser.Model.Leaves(true) {
		v := verb{name: node.Name, help: node.Help, flags: optionsOf(node.Flags)}
		for _, arg := range node.Positional {
			v.words = append(v.words, arg.EnumSlice()...)
			v.takesFiles = v.takesFiles || len(arg.EnumSlice()) == 0
		}
		list = append(list, v)
	}
	return list
}

func optionsOf(flags []*kong.Flag) []option {
	var list []option
	for _, f := range flags {
		o := option{names: []string{"--" + f.Name}, help: f.Help, value: !f.IsBool()}
		if f.Short != 0 {
			o.names = append(o.names, "-"+string(f.Short))
		}
		if f.Enum != "" {
			o.values = f.EnumSlice()
		}
		switch f.Name {
		case "kinds":
			o.values = []string{"static", "type", "deferred", "implicit", "all"}
		case "group":
			o.values = []string{"package", "folder:1", "folder:2", "folder:3"}
		}
		list = append(list, o)
	}
	return list
}

func names(flags []option) []string {
	var list []string
	for _, f := range flags {
		list = append(list, f.names...)
	}
	return list
}

func bashScript(verbs []verb) string {
	var b strings.Builder
	b.WriteString("# bash completion of eddy\n_eddy() {\n")
	b.WriteString("  local word=${COMP_WORDS[COMP_CWORD]} last=${COMP_WORDS[COMP_CWORD-1]} verb= i\n")
	b.WriteString("  for ((i = 1; i < COMP_CWORD; i++)); do\n    case ${COMP_WORDS[i]} in\n")
	var all []string
	for _, v := range verbs[1:] {
		all = append(all, v.name)
	}
	fmt.Fprintf(&b, "      %s) verb=${COMP_WORDS[i]}; break ;;\n    esac\n  done\n", strings.Join(all, "|"))
	b.WriteString("  case $last in\n")
	seen := map[string]bool{}
	for _, v := range verbs {
		for _, f := range v.flags {
			if !f.value || seen[f.names[0]] {
				continue
			}
			seen[f.names[0]] = true
			words := "-f"
			if len(f.values) > 0 {
				words = "-W " + bashQuote(strings.Join(f.values, " "))
			}
			fmt.Fprintf(&b, "    %s) mapfile -t COMPREPLY < <(compgen %s -- \"$word\"); return ;;\n", strings.Join(f.names, "|"), words)
		}
	}
	b.WriteString("  esac\n  local words\n  case $verb in\n")
	global := names(verbs[0].flags)
	fmt.Fprintf(&b, "    '') words=%s ;;\n", bashQuote(strings.Join(slices.Concat(all, global), " ")))
	for _, v := range verbs[1:] {
		fmt.Fprintf(&b, "    %s) words=%s ;;\n", v.name, bashQuote(strings.Join(slices.Concat(v.words, names(v.flags), global), " ")))
	}
	b.WriteString("  esac\n  mapfile -t COMPREPLY < <(compgen -W \"$words\" -- \"$word\"")
	b.WriteString("; [[ $word == -* ]] || compgen -f -- \"$word\")\n}\ncomplete -o filenames -F _eddy eddy\n")
	return b.String()
}

func bashQuote(s string) string { return "'" + strings.ReplaceAll(s, "'", `'\''`) + "'" }

func zshScript(verbs []verb) string {
	var b strings.Builder
	b.WriteString("#compdef eddy\n# zsh completion of eddy\n_eddy() {\n  local -a verbs global\n  verbs=(\n")
	for _, v := range verbs[1:] {
		fmt.Fprintf(&b, "    %s\n", bashQuote(v.name+":"+strings.ReplaceAll(v.help, ":", `\:`)))
	}
	b.WriteString("  )\n  global=(\n")
	zshOptions(&b, verbs[0].flags)
	b.WriteString("  )\n  local context state line\n  _arguments -C $global '1:command:->verb' '*::argument:->rest'\n")
	b.WriteString("  case $state in\n    verb) _describe command verbs ;;\n    rest)\n      case $words[1] in\n")
	for _, v := range verbs[1:] {
		fmt.Fprintf(&b, "        %s) _arguments $global \\\n", v.name)
		zshOptions(&b, v.flags)
		switch {
		case len(v.words) > 0:
			fmt.Fprintf(&b, "    '*:argument:(%s)' ;;\n", strings.Join(v.words, " "))
		case v.takesFiles:
			b.WriteString("    '*:path:_files' ;;\n")
		default:
			b.WriteString("    ;;\n")
		}
	}
	b.WriteString("      esac ;;\n  esac\n}\nif [[ $funcstack[1] == _eddy ]]; then _eddy \"$@\"; else compdef _eddy eddy; fi\n")
	return b.String()
}

// zshOptions writes the specifications of flags for _arguments, one a line. The
// last backslash joins what follows.
func zshOptions(b *strings.Builder, flags []option) {
	help := strings.NewReplacer("[", `\[`, "]", `\]`, ":", `\:`)
	for _, f := range flags {
		for _, name := range f.names {
			spec := name + "[" + help.Replace(f.help) + "]"
			if f.value {
				action := "_files"
				if len(f.values) > 0 {
					action = "(" + strings.ReplaceAll(strings.Join(f.values, " "), ":", `\:`) + ")"
				}
				spec += ":value:" + action
			}
			fmt.Fprintf(b, "    %s \\\n", bashQuote(spec))
		}
	}
}

func fishScript(verbs []verb) string {
	var b strings.Builder
	b.WriteString("# fish completion of eddy\n")
	for _, v := range verbs {
		condition := ""
		if v.name != "" {
			fmt.Fprintf(&b, "complete -c eddy -f -n __fish_use_subcommand -a %s -d %s\n", v.name, fishQuote(v.help))
			condition = " -n '__fish_seen_subcommand_from " + v.name + "'"
		}
		if v.takesFiles {
			fmt.Fprintf(&b, "complete -c eddy -F%s\n", condition)
		}
		if len(v.words) > 0 {
			fmt.Fprintf(&b, "complete -c eddy -f%s -a %s\n", condition, fishQuote(strings.Join(v.words, " ")))
		}
		for _, f := range v.flags {
			fmt.Fprintf(&b, "complete -c eddy%s -l %s", condition, strings.TrimPrefix(f.names[0], "--"))
			if len(f.names) > 1 {
				fmt.Fprintf(&b, " -s %s", strings.TrimPrefix(f.names[1], "-"))
			}
			switch {
			case len(f.values) > 0:
				fmt.Fprintf(&b, " -x -a %s", fishQuote(strings.Join(f.values, " ")))
			case f.value:
				b.WriteString(" -r")
			}
			fmt.Fprintf(&b, " -d %s\n", fishQuote(f.help))
		}
	}
	return b.String()
}

func fishQuote(s string) string {
	return "'" + strings.NewReplacer(`\`, `\\`, "'", `\'`).Replace(s) + "'"
}
