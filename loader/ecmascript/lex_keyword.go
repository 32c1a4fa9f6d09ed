package ecmascript

// keyword is a word that the scanner looks at; kwNone for all others. Some are
// no keywords of the language but names that lead to imports.
type keyword uint8

const (
	kwNone keyword = iota
	// Words of the language.
	kwAbstract
	kwAs
	kwAsserts
	kwAsync
	kwAwait
	kwBreak
	kwCase
	kwCatch
	kwClass
	kwConst
	kwContinue
	kwDeclare
	kwDefault
	kwDelete
	kwDo
	kwElse
	kwEnum
	kwExport
	kwExtends
	kwFinally
	kwFor
	kwFunction
	kwGlobal
	kwIf
	kwImplements
	kwImport
	kwIn
	kwInfer
	kwInstanceof
	kwInterface
	kwIs
	kwKeyof
	kwLet
	kwModule
	kwNamespace
	kwNew
	kwOf
	kwOut
	kwReadonly
	kwReturn
	kwSatisfies
	kwSwitch
	kwThrow
	kwTry
	kwType
	kwTypeof
	kwUnique
	kwUsing
	kwVar
	kwVoid
	kwWhile
	kwWith
	kwYield
	// Names of functions and objects.
	kwCreateRequire
	kwJest
	kwRequire
	kwVi
)

var keywordNames = [...]string{
	kwAbstract: "abstract", kwAs: "as", kwAsserts: "asserts", kwAsync: "async",
	kwAwait: "await", kwBreak: "break", kwCase: "case", kwCatch: "catch", kwClass: "class", kwConst: "const",
	kwContinue: "continue", kwDeclare: "declare", kwDefault: "default", kwDelete: "delete", kwDo: "do",
	kwElse: "else", kwEnum: "enum", kwExport: "export", kwExtends: "extends", kwFinally: "finally", kwFor: "for",
	kwFunction: "function", kwGlobal: "global", kwIf: "if", kwImplements: "implements", kwImport: "import",
	kwIn: "in", kwInfer: "infer", kwInstanceof: "instanceof", kwInterface: "interface", kwIs: "is",
	kwKeyof: "keyof", kwLet: "let", kwModule: "module", kwNamespace: "namespace", kwNew: "new", kwOf: "of",
	kwOut: "out", kwReadonly: "readonly", kwReturn: "return", kwSatisfies: "satisfies",
	kwSwitch: "switch", kwThrow: "throw", kwTry: "try", kwType: "type", kwTypeof: "typeof", kwUnique: "unique",
	kwUsing: "using", kwVar: "var", kwVoid: "void", kwWhile: "while", kwWith: "with", kwYield: "yield",
	kwCreateRequire: "createRequire", kwJest: "jest", kwRequire: "require", kwVi: "vi",
}

// The words are found by a hash of their first eight bytes. Its bits and its
// factor were found by trial: no two words share a slot.
const (
	keywordFactor = 0xfa1b1bf13879399b
	keywordBits   = 8
)

type keywordSlot struct {
	head uint64 // the first eight bytes, zeroes behind a shorter word
	size uint8
	word keyword
}

var keywordTable, keywordMask = func() (t [1 << keywordBits]keywordSlot, lengths [128]uint32) {
	for k, name := range keywordNames {
		if name == "" {
			continue
		}
		var head uint64
		for i := 0; i < len(name) && i < 8; i++ {
			head |= uint64(name[i]) << (8 * i)
		}
		slot := &t[head*keywordFactor>>(64-keywordBits)]
		if slot.word != kwNone {
			panic("keywords " + name + " and " + keywordNames[slot.word] + " share a slot: choose another factor")
		}
		*slot = keywordSlot{head, uint8(len(name)), keyword(k)}
		lengths[name[0]] |= 1 << len(name)
	}
	return
}()

// keywordOf returns the keyword that the word src[i:j] is.
func (s *scanner) keywordOf(i, j int) keyword {
	n := j - i
	if n > 13 || keywordMask[s.src[i]&0x7f]>>uint(n)&1 == 0 {
		return kwNone
	}
	head := s.word8(i)
	if n < 8 {
		head &= 1<<(8*uint(n)) - 1
	}
	slot := &keywordTable[head*keywordFactor>>(64-keywordBits)]
	if slot.head != head || int(slot.size) != n {
		return kwNone
	}
	if n > 8 && string(s.src[i+8:j]) != keywordNames[slot.word][8:] {
		return kwNone
	}
	return slot.word
}
