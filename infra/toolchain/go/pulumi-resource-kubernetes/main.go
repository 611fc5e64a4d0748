// The Pulumi plugin for Kubernetes, where its official archive cannot be fetched. The module it is
// built from lacks the files that its own main embeds, so they are read from beside the program.
package main

import (
	"fmt"
	"os"
	"path/filepath"

	"github.com/pulumi/pulumi-kubernetes/provider/v4/pkg/provider"
	"github.com/pulumi/pulumi-kubernetes/provider/v4/pkg/version"
)

func main() {
	provider.Serve("kubernetes", version.Version, read("schema.json"), read("terraform-mapping.json"))
}

func read(name string) []byte {
	program, err := os.Executable()
	if err == nil {
		program, err = filepath.EvalSymlinks(program)
	}
	if err == nil {
		var content []byte
		if content, err = os.ReadFile(filepath.Join(filepath.Dir(program), name)); err == nil {
			return content
		}
	}
	fmt.Fprintf(os.Stderr, "pulumi-resource-kubernetes: %v\n", err)
	os.Exit(1)
	return nil
}
