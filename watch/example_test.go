package watch_test

import (
	"context"
	"fmt"
	"log"
	"os"
	"path/filepath"

	"github.com/eddy-build/eddy"
	"github.com/eddy-build/eddy/watch"
)

// An engine whose snapshot follows the files, and what an edit changes.
func Example() {
	ctx := context.Background()
	root, err := os.MkdirTemp("", "eddy-example-")
	if err != nil {
		log.Fatal(err)
	}
	defer os.RemoveAll(root)
	write := func(name, text string) {
		if err := os.WriteFile(filepath.Join(root, name), []byte(text), 0o644); err != nil {
			log.Fatal(err)
		}
	}
	write("a.py", "import b\n")
	write("b.py", "")
	engine, err := eddy.Open(root)
	if err != nil {
		log.Fatal(err)
	}
	defer engine.Close()
	if _, err := engine.Load(ctx); err != nil {
		log.Fatal(err)
	}
	watcher, err := engine.Watch(ctx, watch.Options{})
	if err != nil {
		log.Fatal(err)
	}
	defer watcher.Close()
	changes := watcher.Subscribe()
	defer changes.Close()

	write("b.py", "import os\n")
	n, err := changes.Next(ctx)
	if err != nil {
		log.Fatal(err)
	}
	for _, event := range n.Events {
		fmt.Println(event.Kind, event.ID)
	}
	// Output:
	// invalidated a.py
	// modified b.py
	// reloaded b.py
	// created python:os
}
