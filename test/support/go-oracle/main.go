// Answers what Go itself makes of names, lists, files and zips: one JSON question a line, one JSON answer a line.
// It is built by ../go-oracle.ts inside a copy of golang.org/x/mod, beside functions cut out of cmd/go.
package main

import (
	"archive/zip"
	"bufio"
	"bytes"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"io"
	"net/url"
	"os"
	"strconv"
	"strings"
	"sync"

	"golang.org/x/mod/modfile"
	"golang.org/x/mod/module"
	"golang.org/x/mod/semver"
	"golang.org/x/mod/sumdb/dirhash"
	"golang.org/x/mod/sumdb/tlog"
	modzip "golang.org/x/mod/zip"
	"golang.org/x/net/http/httpproxy"
)

type row = []any

var answers = map[string]func(args []string) (any, error){
	"name": func(args []string) (any, error) { return describe(args[0]), nil },
	"pair": func(args []string) (any, error) {
		path, version := args[0], args[1]
		_, major, _ := module.SplitPathVersion(path)
		return row{module.Check(path, version) == nil, module.MatchPathMajor(version, major), semver.Compare(path, version)}, nil
	},
	"list": func(args []string) (any, error) {
		versions := []string{}
		for _, line := range strings.Split(args[0], "\n") {
			f := strings.Fields(line)
			if len(f) >= 1 && semver.IsValid(f[0]) && !module.IsPseudoVersion(f[0]) {
				versions = append(versions, f[0])
			}
		}
		return versions, nil
	},
	"record": func(args []string) (any, error) {
		id, text, rest, err := tlog.ParseRecord([]byte(args[0]))
		return row{id, string(text), string(rest)}, err
	},
	"tree": func(args []string) (any, error) {
		tree, err := tlog.ParseTree([]byte(args[0]))
		return tree.N, err
	},
	"go.mod": func(args []string) (any, error) {
		_, err := modfile.Parse("go.mod", []byte(args[0]), exact)
		return flaws(err), nil
	},
	"go.work": func(args []string) (any, error) {
		_, err := modfile.ParseWork("go.mod", []byte(args[0]), exact)
		return flaws(err), nil
	},
	"go.sum": func(args []string) (sums any, err error) {
		defer func() {
			if said := recover(); said != nil {
				err = fmt.Errorf("%v", said)
			}
		}()
		read := map[module.Version][]string{}
		readGoSum(read, "go.sum", []byte(args[0]))
		rows := []row{}
		for mod, hashes := range read {
			rows = append(rows, row{mod.Path, mod.Version, hashes})
		}
		return rows, nil
	},
	"netrc": func(args []string) (any, error) {
		rows := []row{}
		for _, line := range parseNetrc(args[0]) {
			rows = append(rows, row{line.machine, line.login, line.password})
		}
		return rows, nil
	},
	"goproxy": func(args []string) (any, error) {
		cfg.GOPROXY = args[0]
		proxyOnce.Once, proxyOnce.list, proxyOnce.err = sync.Once{}, nil, nil
		list, err := proxyList()
		rows := []row{}
		for _, proxy := range list {
			rows = append(rows, row{proxy.url, proxy.fallBackOnError})
		}
		return rows, err
	},
	"range": func(args []string) (any, error) {
		size, err := strconv.ParseInt(args[1], 10, 64)
		if err != nil {
			return nil, err
		}
		ranges, err := parseRange(args[0], size)
		if err == errNoOverlap {
			return "no overlap", nil
		}
		rows := []row{}
		for _, r := range ranges {
			rows = append(rows, row{r.start, r.length})
		}
		return rows, err
	},
	"proxy": func(args []string) (any, error) {
		config := httpproxy.Config{HTTPProxy: args[0], HTTPSProxy: args[0], NoProxy: args[1]}
		target, err := url.Parse(args[2])
		if err != nil {
			return nil, err
		}
		proxy, err := config.ProxyFunc()(target)
		if err != nil || proxy == nil {
			return "", err
		}
		password, _ := proxy.User.Password()
		return row{proxy.Scheme, proxy.Hostname(), proxy.Port(), proxy.User.Username(), password}, nil
	},
	"zip":       hashZip,
	"zip-check": checkZip,
}

func describe(s string) row {
	prefix, major, ok := module.SplitPathVersion(s)
	time, timeErr := module.PseudoVersionTime(s)
	tile, tileErr := tlog.ParseTilePath(s)
	return row{
		semver.IsValid(s), semver.Canonical(s), semver.Major(s), semver.Prerelease(s), semver.Build(s),
		module.CanonicalVersion(s), module.IsPseudoVersion(s), orNil(time.UTC().Format("2006-01-02T15:04:05.000Z"), timeErr),
		module.CheckPath(s) == nil, prefix, major, ok,
		orNil(module.EscapePath(s)), orNil(module.UnescapePath(s)), orNil(module.EscapeVersion(s)), orNil(module.UnescapeVersion(s)),
		orNil(fmt.Sprint(tile.H, tile.L, tile.N, tile.W), tileErr),
	}
}

func orNil(s string, err error) any {
	if err != nil {
		return nil
	}
	return s
}

// Whether zip.CheckZip has nothing against the zip of args[0]@args[1].
func checkZip(args []string) (any, error) {
	data, err := base64.StdEncoding.DecodeString(args[2])
	if err != nil {
		return nil, err
	}
	file, err := os.CreateTemp("", "oracle-*.zip")
	if err != nil {
		return nil, err
	}
	defer os.Remove(file.Name())
	defer file.Close()
	if _, err := file.Write(data); err != nil {
		return nil, err
	}
	checked, err := modzip.CheckZip(module.Version{Path: args[0], Version: args[1]}, file.Name())
	return err == nil && checked.Err() == nil, nil
}

// As dirhash.HashZip, of bytes.
func hashZip(args []string) (any, error) {
	data, err := base64.StdEncoding.DecodeString(args[0])
	if err != nil {
		return nil, err
	}
	z, err := zip.NewReader(bytes.NewReader(data), int64(len(data)))
	if err != nil {
		return nil, err
	}
	var files []string
	zfiles := make(map[string]*zip.File)
	for _, file := range z.File {
		files = append(files, file.Name)
		zfiles[file.Name] = file
	}
	return dirhash.Hash1(files, func(name string) (io.ReadCloser, error) {
		f := zfiles[name]
		if f == nil {
			return nil, fmt.Errorf("file %q not found in zip", name)
		}
		return f.Open()
	})
}

func main() {
	in := bufio.NewScanner(os.Stdin)
	in.Buffer(nil, 64<<20)
	out := bufio.NewWriter(os.Stdout)
	encoder := json.NewEncoder(out)
	encoder.SetEscapeHTML(false)
	for in.Scan() {
		var question struct {
			Op    string
			Cases [][]string
		}
		if err := json.Unmarshal(in.Bytes(), &question); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
		told := []row{}
		for _, args := range question.Cases {
			answer, err := answers[question.Op](args)
			if err != nil {
				told = append(told, row{nil, err.Error()})
			} else {
				told = append(told, row{answer})
			}
		}
		if err := encoder.Encode(told); err != nil {
			os.Exit(1)
		}
		out.Flush()
	}
}

// exact is modload.fixVersion, but for asking mirrors.
func exact(path, version string) (string, error) {
	_, major, ok := module.SplitPathVersion(path)
	var err error
	if !ok {
		err = fmt.Errorf("malformed module path %q", path)
	} else if module.CanonicalVersion(version) != version || version == "" {
		err = fmt.Errorf("must be of the form v1.2.3")
	} else if err := module.CheckPathMajor(version, major); err != nil {
		return "", module.VersionError(module.Version{Path: path, Version: version}, err)
	} else {
		return version, nil
	}
	return "", &module.ModuleError{Path: path, Err: &module.InvalidVersionError{Version: version, Err: err}}
}

func flaws(err error) []string {
	found := []string{}
	if list, ok := err.(modfile.ErrorList); ok {
		for _, each := range list {
			found = append(found, each.Error())
		}
	} else if err != nil {
		found = append(found, err.Error())
	}
	return found
}
