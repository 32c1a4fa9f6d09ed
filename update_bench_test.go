package eddy

import (
	"context"
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/eddy-build/eddy/internal/fsys"
)

// BenchmarkUpdateOneEdit edits one file of a resident engine of 10,000 modules:
// a comment, or an import more and less. It reports the 99th percentile.
func BenchmarkUpdateOneEdit(b *testing.B) {
	const modules, perFolder = 10_000, 20
	trees := map[string]func(i int) (path, text string){
		"TypeScript": func(i int) (string, string) {
			return fmt.Sprintf("src/d%d/f%d.ts", i/perFolder, i), fmt.Sprintf(
				"import { a } from \"../d%d/f%d\"\nimport b from \"./f%d\"\nimport \"react\"\n", (i*7%modules)/perFolder, i*7%modules, i/perFolder*perFolder)
		},
		"Go": func(i int) (string, string) {
			return fmt.Sprintf("d%d/p%d/f.go", i/perFolder, i), fmt.Sprintf(
				"package p%d\nimport _ \"example.com/m/d%d/p%d\"\nimport _ \"fmt\"\n", i, (i*7%modules)/perFolder, i*7%modules)
		},
		"Python": func(i int) (string, string) {
			return fmt.Sprintf("src/pkg/d%d/f%d.py", i/perFolder, i), fmt.Sprintf(
				"from pkg.d%d import f%d\nfrom . import f%d\nimport os\n", (i*7%modules)/perFolder, i*7%modules, i/perFolder*perFolder)
		},
	}
	comments := map[string]string{"TypeScript": "// %d\n", "Go": "// %d\n", "Python": "# %d\n"}
	imports := map[string]string{"TypeScript": "import \"./f%d\"\n", "Go": "import _ \"example.com/m/d1/p%d\"\n", "Python": "from . import f%d\n"}
	for _, language := range []string{"TypeScript", "Go", "Python"} {
		files := map[string]string{
			"go.mod": "module example.com/m\n", "package.json": `{"name": "m", "dependencies": {"react": "1"}}`, "tsconfig.json": "{}",
			"pyproject.toml": "[project]\nname = \"m\"\n", "src/pkg/__init__.py": "",
		}
		for i := range modules {
			path, text := trees[language](i)
			files[path] = text
		}
		mem := fsys.MemOf(files)
		for _, edit := range []struct{ name, line string }{{"comment", comments[language]}, {"import", imports[language]}} {
			b.Run(language+"/"+edit.name, func(b *testing.B) {
				ctx := context.Background()
				e := open(b, mem.Root(), withFS(mem), WithDigests())
				load(b, e)
				var took []time.Duration
				for i := 0; b.Loop(); i++ {
					path, text := trees[language](i * 37 % modules)
					mem.Write(path, text+fmt.Sprintf(edit.line, i))
					start := time.Now()
					_, delta, err := e.Update(ctx, path)
					took = append(took, time.Since(start))
					if err != nil || delta.Work.Parsed != 1 {
						b.Fatal(delta, err)
					}
				}
				slices.Sort(took)
				b.ReportMetric(float64(took[len(took)*99/100].Microseconds())/1000, "p99-ms")
				b.ReportMetric(float64(took[len(took)/2].Microseconds())/1000, "p50-ms")
			})
		}
	}
}
