package main

import (
	"regexp"
	"strings"

	"github.com/alecthomas/kong"
)

// rewordings say in Eddy's words what the parser of the command line found wrong.
var rewordings = []struct {
	found *regexp.Regexp
	say   string
}{
	{regexp.MustCompile(`^(--\S+): expected int value but got "(.*)" \(short flag\).*`), `$1 $2: want a number from 0 up`},
	{regexp.MustCompile(`^(--\S+): expected a valid \d+ bit int but got "(.*)"`), `$1 $2: want a number`},
	{regexp.MustCompile(`^(--\S+): expected duration value but got "(.*)" \(short flag\).*`), `$1 $2: want a duration such as 50ms`},
	{regexp.MustCompile(`^(--\S+): expected duration but got "(.*)": .*`), `$1 $2: want a duration such as 50ms`},
	{regexp.MustCompile(`^(--\S+): expected \S+ value but got "(.*)" \(short flag\).*`), `$1 needs a value; write $1=$2 if that is it`},
	{regexp.MustCompile(`^(--\S+): missing value,.*|^(--\S+): expected \S+ value but got "EOL".*`), `$1$2 needs a value`},
	{regexp.MustCompile(`^expected "(.*)"$`), `$1 is missing`},
}

// usageMessage is what a mistake of the command line is reported as.
func usageMessage(err *kong.ParseError) string {
	text := err.Error()
	if name, ok := strings.CutPrefix(text, "unexpected argument "); ok && (err.Context == nil || err.Context.Selected() == nil) {
		return "unknown command " + name
	}
	for _, r := range rewordings {
		if r.found.MatchString(text) {
			return r.found.ReplaceAllString(text, r.say)
		}
	}
	return text
}
