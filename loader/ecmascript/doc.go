// Package ecmascript is the front-end for TypeScript and JavaScript: the files
// .ts .tsx .mts .cts .js .jsx .mjs .cjs and their declarations, and the scripts
// inside .vue, .svelte and .astro files.
//
// Input: the paths and bytes of a workspace's files, and its manifests. Output:
// a module for each file, its imports and the modules that they lead to.
// Invariant: what a file says (facts) depends on its path and bytes alone; what
// it means (conclusions) on the frozen workspace.
package ecmascript
