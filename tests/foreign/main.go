// Judges a register with the code that the go command checks its modules with: golang.org/x/mod/sumdb.
// Usage: judge KEY FOLDER [CHECKPOINT...], FOLDER holding checkpoint and tile/; older checkpoints must be prefixes.
package main

import (
	"encoding/base64"
	"encoding/binary"
	"fmt"
	"log"
	"os"
	"path/filepath"
	"strings"

	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"
)

func check(err error) {
	if err != nil {
		log.Fatal(err)
	}
}

// open verifies a checkpoint's signature and origin.
func open(path, key string) tlog.Tree {
	data, err := os.ReadFile(path)
	check(err)
	verifier, err := note.NewVerifier(key)
	check(err)
	opened, err := note.Open(data, note.VerifierList(verifier))
	check(err)
	var origin, root string
	var size int64
	_, err = fmt.Sscanf(opened.Text, "%s\n%d\n%s\n", &origin, &size, &root)
	check(err)
	if origin != verifier.Name() {
		log.Fatalf("origin %s", origin)
	}
	hash, err := base64.StdEncoding.DecodeString(root)
	check(err)
	tree := tlog.Tree{N: size}
	copy(tree.Hash[:], hash)
	return tree
}

// tiles reads C2SP tlog-tiles, whose paths are those of sumdb without the tile height.
type tiles string

func (t tiles) Height() int { return 8 }

func (t tiles) SaveTiles([]tlog.Tile, [][]byte) {}

func (t tiles) ReadTiles(wanted []tlog.Tile) ([][]byte, error) {
	var found [][]byte
	for _, tile := range wanted {
		data, err := os.ReadFile(filepath.Join(string(t), strings.Replace(tile.Path(), "tile/8/", "tile/", 1)))
		if err != nil {
			return nil, err
		}
		found = append(found, data)
	}
	return found, nil
}

// leaves reads the entry bundles.
func leaves(folder string, size int64) (found [][]byte) {
	for at := int64(0); at < size; at += 256 {
		tile := tlog.Tile{H: 8, L: -1, N: at / 256, W: 256}
		if size-at < 256 {
			tile.W = int(size - at)
		}
		data, err := os.ReadFile(filepath.Join(folder, strings.Replace(tile.Path(), "tile/8/data/", "tile/entries/", 1)))
		check(err)
		for len(data) > 0 {
			end := 2 + int(binary.BigEndian.Uint16(data))
			found = append(found, data[2:end])
			data = data[end:]
		}
	}
	return found
}

func main() {
	key, folder := os.Args[1], os.Args[2]
	tree := open(filepath.Join(folder, "checkpoint"), key)
	reader := tlog.TileHashReader(tree, tiles(folder)) // checks every tile it reads against the root
	entries := leaves(folder, tree.N)
	if int64(len(entries)) != tree.N {
		log.Fatalf("%d entries of %d", len(entries), tree.N)
	}
	for index, entry := range entries {
		proof, err := tlog.ProveRecord(tree.N, int64(index), reader)
		check(err)
		check(tlog.CheckRecord(proof, tree.N, tree.Hash, int64(index), tlog.RecordHash(entry)))
	}
	for _, path := range os.Args[3:] {
		old := open(path, key)
		proof, err := tlog.ProveTree(tree.N, old.N, reader)
		check(err)
		check(tlog.CheckTree(proof, tree.N, tree.Hash, old.N, old.Hash))
	}
	fmt.Printf("%d entries, %d older checkpoints\n", tree.N, len(os.Args)-3)
}
