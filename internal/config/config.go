// Package config reads eddy.toml, the optional configuration of a workspace,
// into a [Config]. It is strict: a key that it does not know and a value that
// makes no sense are errors with their position, so that a slip of the pen never
// passes for a setting. The file only ever says how to read the workspace: it
// cannot name a program to run.
package config

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"reflect"
	"strings"

	"github.com/agnivade/levenshtein"
	"github.com/pelletier/go-toml/v2"
)

// FileName is the name of the configuration, at the root of a workspace.
const FileName = "eddy.toml"

// Config is what eddy.toml can say. The zero value is that of no file.
type Config struct {
	Exclude     []string // patterns of files and folders to leave out, as in .gitignore
	Workers     int      // files read at once; 0 for one a processor
	Platform    string   // [go] platform: which Go files count, see [CheckPlatform]
	PythonRoots []string // [python] roots: slash paths from the root of the workspace
}

// Error is one mistake in a configuration.
type Error struct {
	File         string
	Line, Column int // from 1; the column in bytes
	Message      string
}

func (e *Error) Error() string {
	return fmt.Sprintf("%s:%d:%d: %s", e.File, e.Line, e.Column, e.Message)
}

// Load reads the configuration of the workspace at root. No file is no error.
// Errors in the file are one *[Error] or several, joined.
func Load(root string) (Config, error) {
	path := filepath.Join(root, FileName)
	data, err := os.ReadFile(path)
	if errors.Is(err, fs.ErrNotExist) {
		return Config{}, nil
	}
	if err != nil {
		return Config{}, fmt.Errorf("read the configuration: %w", err)
	}
	return Parse(path, data)
}

// Parse reads a configuration. The name of its file is for messages alone.
func Parse(file string, data []byte) (Config, error) {
	var d document
	err := toml.NewDecoder(bytes.NewReader(data)).DisallowUnknownFields().Decode(&d)
	if err == nil {
		return d.config(), nil
	}
	var strict *toml.StrictMissingError
	if errors.As(err, &strict) {
		list := make([]error, len(strict.Errors))
		for i := range strict.Errors {
			list[i] = unknownKey(file, &strict.Errors[i])
		}
		return Config{}, errors.Join(list...)
	}
	var decode *toml.DecodeError
	if errors.As(err, &decode) {
		line, column := decode.Position()
		return Config{}, &Error{file, line, column, valueMessage(decode)}
	}
	return Config{}, fmt.Errorf("%s: %w", file, err)
}

// valueMessage says what is wrong with a value, in the words of the file rather
// than those of the decoder's types.
func valueMessage(err *toml.DecodeError) string {
	msg := strings.TrimPrefix(err.Error(), "toml: ")
	key := strings.Join(err.Key(), ".")
	if want, ok := wants[key]; ok {
		return fmt.Sprintf("wrong value for %q: want %s", key, want)
	}
	return msg
}

// wants describes the values whose errors the decoder would tell in the terms
// of Go.
var wants = map[string]string{
	"workers":      "a whole number from 0 to 65535",
	"exclude":      "a list of patterns, as in .gitignore, none of them empty",
	"go":           "a table",
	"go.platform":  platformWant,
	"python":       "a table",
	"python.roots": "a list of folders inside the workspace",
}

func unknownKey(file string, err *toml.DecodeError) error {
	line, column := err.Position()
	key := err.Key()
	table := reflect.TypeFor[document]()
	for i, part := range key {
		field, ok := fieldOf(table, part)
		if ok && i+1 < len(key) && field.Kind() == reflect.Struct {
			table = field
			continue
		}
		msg := fmt.Sprintf("unknown key %q", strings.Join(key[:i+1], "."))
		if nearest := nearestKey(table, part); nearest != "" {
			msg += fmt.Sprintf("; did you mean %q?", strings.Join(append(append([]string{}, key[:i]...), nearest), "."))
		} else {
			msg += "; the keys here are " + strings.Join(keysOf(table), ", ")
		}
		return &Error{file, line, column, msg}
	}
	return &Error{file, line, column, fmt.Sprintf("unknown key %q", strings.Join(key, "."))}
}

func keysOf(table reflect.Type) []string {
	var keys []string
	for field := range table.Fields() {
		keys = append(keys, field.Tag.Get("toml"))
	}
	return keys
}

func fieldOf(table reflect.Type, key string) (reflect.Type, bool) {
	for field := range table.Fields() {
		if field.Tag.Get("toml") == key {
			return field.Type, true
		}
	}
	return nil, false
}

// nearestKey returns the key of a table that is most like a wrong one, if any
// is like it.
func nearestKey(table reflect.Type, wrong string) string {
	nearest, best := "", max(2, len(wrong)/3)+1
	for _, key := range keysOf(table) {
		if d := levenshtein.ComputeDistance(strings.ToLower(wrong), key); d < best {
			nearest, best = key, d
		}
	}
	return nearest
}
