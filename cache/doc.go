// Package cache keeps what Eddy need not work out twice: the snapshot of a
// workspace between two runs ([Store]) and symbols while it runs.
//
// It knows nothing of graphs, languages or the file system of a workspace: a
// [State] is plain data with a key, and whether it still holds is for the caller
// to decide by its stamps. "Unknown" is always a sound answer: damage, another
// version or any doubt is a miss with a reason, never a wrong answer.
//
// # The file of a snapshot
//
// Wanted: that a run in which nothing has changed touches little of a file that
// holds everything. It needs the stamps, the dependencies as numbers, and of all
// the modules those few that it prints; a run that needs more pays for more. Nothing
// may be believed of a file that has not been checked as a whole, and reading
// must not allocate for each record.
//
// All numbers are little-endian; those of columns have four bytes unless said
// otherwise. The parts follow each other without gaps, so the counts in the
// header tell where each begins.
//
//	magic      8 bytes "eddysnap", version 4 bytes
//	checksum   CRC-32 of all that follows
//	length     8 bytes, of the whole file
//	key        32 bytes: tool version, options and configuration, as a digest
//	counts     strings, their bytes, modules, links, sources, folders, listed sources, sections
//
//	strings    where each ends in the text; the first are the IDs of the modules, in order
//	links      Start, Target and First of [Links]
//	modules    where each begins in its section
//	sources    the string that is the path of each, in the order of paths; then
//	           the stamp of each, 36 bytes
//	folders    44 bytes each: the string of the path, the end of its sources among
//	           the listed ones, its stamp
//	listed     the numbers of the sources, folder by folder
//	sections   length of each and how many records of each sort are in it
//	links      Kinds and Count of [Links], a byte each
//	modules    kind, a byte each, and in its highest bit whether imports lead nowhere
//	text       the bytes of the strings
//
//	body       the sections: varints that refer to strings by number. The first has
//	           what every run reads beside the columns (manifests, questions,
//	           diagnostics); the second what is left of the sources; then come the
//	           modules and the facts, 2,048 to a section.
//
// The file is read once, in one piece, and checked. Columns and strings are views
// of it. A module is made when it is asked for; where all are, the sections are
// read side by side into arrays whose lengths the table of sections tells.
//
// Rejected: a mapped file, which costs a page fault for each part that is touched
// where one read takes the same time for all (4 ms for 21 MB and 55,000 modules),
// and kills the reader when the disk fails or somebody cuts the file; checksums of
// parts, which would find damage when half an answer is printed; a digest of all
// stamps in place of the stamps, which has to be computed anew from as many bytes and
// does not tell which file changed; gob and protobuf, which allocate a record;
// records of fixed width, three times the bytes.
//
// # The store
//
// A folder with one file for each workspace and key: two commands that ask for
// different detail, or for different platforms, do not take each other's place. A
// file is written under another name and renamed, so any number of processes may
// read and write; the last one wins. What was not used longest is removed first.
package cache
