// Reads a register with the code that the go command checks its modules with (golang.org/x/mod/sumdb), checks that
// every entry stands in the tree whose root is signed, and prints one of them.
//
//	register KEY ADDRESS INDEX     ADDRESS as in https://letters.example.org/register, or a folder
package main

import (
	"encoding/base64"
	"encoding/binary"
	"fmt"
	"io"
	"log"
	"net/http"
	"os"
	"strconv"
	"strings"

	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"
)

func must[T any](value T, err error) T {
	if err != nil {
		log.Fatal(err)
	}
	return value
}

type register string

func (r register) read(path string) ([]byte, error) {
	address := string(r) + "/" + path
	if !strings.HasPrefix(address, "http") {
		return os.ReadFile(strings.TrimPrefix(address, "file://"))
	}
	answer, err := http.Get(address)
	if err != nil {
		return nil, err
	}
	defer answer.Body.Close()
	if answer.StatusCode != http.StatusOK {
		return nil, fmt.Errorf("%s: %s", address, answer.Status)
	}
	return io.ReadAll(answer.Body)
}

// Of tlog.TileReader. The paths are those of C2SP tlog-tiles: like sumdb's, without the height.

func (r register) Height() int { return 8 }

func (r register) SaveTiles([]tlog.Tile, [][]byte) {}

func (r register) ReadTiles(wanted []tlog.Tile) (found [][]byte, err error) {
	for _, tile := range wanted {
		data, err := r.read(strings.Replace(tile.Path(), "tile/8/", "tile/", 1))
		if err != nil {
			return nil, err
		}
		found = append(found, data)
	}
	return found, nil
}

// tree opens the checkpoint: signed by the key, under the key's own name.
func (r register) tree(key string) tlog.Tree {
	verifier := must(note.NewVerifier(key))
	opened := must(note.Open(must(r.read("checkpoint")), note.VerifierList(verifier)))
	lines := strings.Split(opened.Text, "\n")
	if len(lines) < 4 || lines[0] != verifier.Name() {
		log.Fatalf("expected a checkpoint of %s, found %q", verifier.Name(), opened.Text)
	}
	tree := tlog.Tree{N: must(strconv.ParseInt(lines[1], 10, 64))}
	copy(tree.Hash[:], must(base64.StdEncoding.DecodeString(lines[2])))
	return tree
}

// entries reads the bundles: 256 entries each, every one behind its length in two bytes.
func (r register) entries(size int64) (found [][]byte) {
	for at := int64(0); at < size; at += 256 {
		tile := tlog.Tile{H: 8, L: -1, N: at / 256, W: 256}
		if size-at < 256 {
			tile.W = int(size - at)
		}
		data := must(r.read(strings.Replace(tile.Path(), "tile/8/data/", "tile/entries/", 1)))
		for len(data) >= 2 {
			end := 2 + int(binary.BigEndian.Uint16(data))
			found, data = append(found, data[2:end]), data[end:]
		}
	}
	return found
}

func main() {
	if len(os.Args) != 4 {
		log.Fatal("usage: register KEY ADDRESS INDEX")
	}
	r := register(os.Args[2])
	tree, wanted := r.tree(os.Args[1]), must(strconv.ParseInt(os.Args[3], 10, 64))
	hashes := tlog.TileHashReader(tree, r) // compares every tile that it reads with the root
	entries := r.entries(tree.N)
	if int64(len(entries)) != tree.N || wanted < 0 || wanted >= tree.N {
		log.Fatalf("%d entries of %d, and %d was asked for", len(entries), tree.N, wanted)
	}
	for index, entry := range entries {
		proof := must(tlog.ProveRecord(tree.N, int64(index), hashes))
		if err := tlog.CheckRecord(proof, tree.N, tree.Hash, int64(index), tlog.RecordHash(entry)); err != nil {
			log.Fatalf("entry %d: %v", index, err)
		}
	}
	fmt.Fprintf(os.Stderr, "%d entries, each in the tree whose root is signed\n", tree.N)
	os.Stdout.Write(entries[wanted])
}
