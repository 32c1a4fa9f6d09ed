// Package cache keeps what Eddy need not work out twice: the snapshot of a
// workspace between two runs ([Store]) and symbols while it runs.
//
// It knows nothing of graphs, languages or the file system of a workspace: a
// [State] is plain data with a key, and whether it still holds is for the caller
// to decide by its stamps. "Unknown" is always a sound answer: damage, another
// version or any doubt is a miss with a reason, never a wrong answer.
package cache
