//go:build unix

package daemon

import (
	"bytes"
	"context"
	"encoding/binary"
	"errors"
	"net"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/eddy-build/eddy/internal/leaktest"
)

type fake struct {
	answer  Answer
	payload []byte
	err     error
}

func (f *fake) Accept(Request) Answer                            { return f.answer }
func (f *fake) Payload(context.Context, Request) ([]byte, error) { return f.payload, f.err }

// serving starts a server; the channel gives what Serve returned.
func serving(t *testing.T, h Handler, idle time.Duration) (socket string, ended <-chan error) {
	t.Helper()
	leaktest.Check(t)
	dir, err := os.MkdirTemp("/tmp", "eddy-test") // a socket's path must be short
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { os.RemoveAll(dir) })
	socket = filepath.Join(dir, "private", "s")
	listener, release, err := Listen(socket)
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	done := make(chan error, 1)
	stopped := make(chan struct{})
	go func() {
		done <- Serve(ctx, listener, h, idle)
		release()
		close(stopped)
	}()
	t.Cleanup(func() { cancel(); <-stopped })
	return socket, done
}

func TestAsk(t *testing.T) {
	want := bytes.Repeat([]byte("x"), 1<<20)
	h := &fake{answer: Answer{Status: Served}, payload: want}
	socket, _ := serving(t, h, time.Hour)
	answer, payload, err := Ask(t.Context(), socket, Request{})
	if err != nil || answer.Process != os.Getpid() || !bytes.Equal(payload, want) {
		t.Fatalf("%+v, %d bytes, %v", answer, len(payload), err)
	}
	if err := Private(filepath.Dir(socket)); err != nil {
		t.Error(err)
	}
	if _, _, err := Listen(socket); !errors.Is(err, ErrRunning) {
		t.Errorf("a second server: %v", err)
	}
	h.answer = Answer{Status: Other, Message: "no"}
	if answer, payload, err := Ask(t.Context(), socket, Request{}); err != nil || answer.Message != "no" || payload != nil {
		t.Errorf("%+v, %v", answer, err)
	}
	h.answer, h.err = Answer{Status: Served}, errors.New("broken")
	if _, _, err := Ask(t.Context(), socket, Request{}); err == nil {
		t.Error("a payload that cannot be made is no error")
	}
}

// Whatever a client sends or leaves out, the server goes on.
func TestServerOutlivesItsClients(t *testing.T) {
	socket, ended := serving(t, &fake{answer: Answer{Status: Served}, payload: make([]byte, 10<<20)}, time.Hour)
	for _, text := range []string{"", "\x00", "\xff\xff\xff\xff", "\x00\x00\x00\x02{", "\x00\x00\x00\x02xx", "GET / HTTP/1.1\r\n\r\n", "\x00\x00\x00\x0e{\"protocol\":1}"} {
		conn, err := net.Dial("unix", socket)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := conn.Write([]byte(text)); err != nil {
			t.Fatal(err)
		}
		conn.Close()
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, _, err := Ask(ctx, socket, Request{}); err == nil {
		t.Error("an interrupted client gets an answer")
	}
	if _, payload, err := Ask(t.Context(), socket, Request{}); err != nil || len(payload) != 10<<20 {
		t.Error(err)
	}
	if len(ended) > 0 {
		t.Error("the server has ended")
	}
}

func TestServerLeaves(t *testing.T) {
	socket, ended := serving(t, &fake{answer: Answer{Status: Leaving}}, time.Hour)
	if a, _, err := Ask(t.Context(), socket, Request{}); err != nil || a.Status != Leaving {
		t.Fatal(a, err)
	}
	if err := <-ended; err != nil {
		t.Error(err)
	}
	if _, _, err := Ask(t.Context(), socket, Request{}); !NotThere(err) {
		t.Errorf("after the end: %v", err)
	}
	// Idle, at once.
	_, ended = serving(t, &fake{}, time.Nanosecond)
	if err := <-ended; err != nil {
		t.Error(err)
	}
}

// What a server that was killed left behind is in nobody's way.
func TestStaleSocket(t *testing.T) {
	socket, ended := serving(t, &fake{answer: Answer{Status: Leaving}}, time.Hour)
	if _, _, err := Ask(t.Context(), socket, Request{}); err != nil {
		t.Fatal(err)
	}
	<-ended
	addr, err := net.ResolveUnixAddr("unix", socket)
	if err != nil {
		t.Fatal(err)
	}
	left, err := net.ListenUnix("unix", addr)
	if err != nil {
		t.Fatal(err)
	}
	left.SetUnlinkOnClose(false)
	left.Close()
	if _, _, err := Ask(t.Context(), socket, Request{}); !NotThere(err) {
		t.Errorf("a stale socket: %v", err)
	}
	var listener net.Listener
	var release func()
	for { // the lock is released just after Serve returns
		if listener, release, err = Listen(socket); !errors.Is(err, ErrRunning) {
			break
		}
	}
	if err != nil {
		t.Fatal(err)
	}
	listener.Close()
	release()
}

func TestPrivate(t *testing.T) {
	dir := t.TempDir()
	open, closed := filepath.Join(dir, "open"), filepath.Join(dir, "closed")
	for name, mode := range map[string]os.FileMode{open: 0o755, closed: 0o700} {
		if err := os.Mkdir(name, 0o700); err != nil {
			t.Fatal(err)
		}
		if err := os.Chmod(name, mode); err != nil {
			t.Fatal(err)
		}
	}
	if err := os.Symlink(closed, filepath.Join(dir, "link")); err != nil {
		t.Fatal(err)
	}
	if Private(open) == nil || Private(filepath.Join(dir, "link")) == nil || Private(closed) != nil {
		t.Error("wrong")
	}
	if _, _, err := Listen(filepath.Join(open, "s")); err == nil || !strings.Contains(err.Error(), "only its owner") {
		t.Errorf("a socket in an open folder: %v", err)
	}
}

func TestFrames(t *testing.T) {
	var b bytes.Buffer
	if err := writeFrame(&b, make([]byte, 11), 10); err == nil || b.Len() > 0 {
		t.Error("wrote more than the limit")
	}
	huge := binary.BigEndian.AppendUint32(nil, 1<<31)
	if _, err := readFrame(bytes.NewReader(huge), maxMessage); err == nil {
		t.Error("read more than the limit")
	}
	if err := writeFrame(&b, []byte("abc"), 3); err != nil {
		t.Fatal(err)
	}
	for cut := range b.Len() {
		if _, err := readFrame(bytes.NewReader(b.Bytes()[:cut]), 3); err == nil {
			t.Errorf("read a frame cut at %d", cut)
		}
	}
}
