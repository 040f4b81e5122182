package main

import (
	"fmt"
	"go/types"
	"io"
	"maps"
	"slices"
	"strings"

	"github.com/sentrial/sentrial-go/tools/internal/repo"
)

// describe writes the exported declarations of a package, sorted by name, members under their type.
func describe(w io.Writer, pkg *types.Package) {
	fmt.Fprintf(w, "package %s\n", pkg.Path())
	scope := pkg.Scope()
	for _, name := range scope.Names() {
		if obj := scope.Lookup(name); obj.Exported() {
			describeObject(w, pkg, obj)
		}
	}
	fmt.Fprintln(w)
}

func describeObject(w io.Writer, pkg *types.Package, obj types.Object) {
	switch obj := obj.(type) {
	case *types.Const:
		fmt.Fprintf(w, "%s = %s\n", types.ObjectString(obj, qualifier(pkg)), obj.Val().ExactString())
	case *types.TypeName:
		describeType(w, pkg, obj)
	default:
		fmt.Fprintln(w, types.ObjectString(obj, qualifier(pkg)))
	}
}

// qualifier does not name pkg itself, names the standard library's packages and our own by their name, and others, of which two may share a
// name, by their path.
func qualifier(pkg *types.Package) types.Qualifier {
	return func(other *types.Package) string {
		host, _, _ := strings.Cut(other.Path(), "/")
		switch {
		case other == pkg:
			return ""
		case strings.Contains(host, ".") && !strings.HasPrefix(other.Path(), repo.RootModule):
			return other.Path()
		default:
			return other.Name()
		}
	}
}

func describeType(w io.Writer, pkg *types.Package, obj *types.TypeName) {
	named, ok := obj.Type().(*types.Named)
	if !ok || obj.IsAlias() {
		fmt.Fprintln(w, types.ObjectString(obj, qualifier(pkg)))
		return
	}
	name := obj.Name() + typeParams(named, pkg)
	switch underlying := named.Underlying().(type) {
	case *types.Struct:
		fmt.Fprintf(w, "type %s struct\n", name)
		describeFields(w, pkg, obj.Name(), underlying)
	case *types.Interface:
		fmt.Fprintf(w, "type %s interface\n", name)
		describeInterface(w, pkg, obj.Name(), underlying)
	default:
		fmt.Fprintf(w, "type %s %s\n", name, types.TypeString(underlying, qualifier(pkg)))
	}
	describeMethods(w, pkg, obj.Name(), named)
}

func typeParams(named *types.Named, pkg *types.Package) string {
	params := named.TypeParams()
	if params.Len() == 0 {
		return ""
	}
	list := make([]string, 0, params.Len())
	for param := range params.TypeParams() {
		list = append(list, param.Obj().Name()+" "+types.TypeString(param.Constraint(), qualifier(pkg)))
	}
	return "[" + strings.Join(list, ", ") + "]"
}

// describeFields writes the exported fields. A struct tag is part of them, as it names the field on the wire.
func describeFields(w io.Writer, pkg *types.Package, owner string, s *types.Struct) {
	for i := range s.NumFields() {
		field := s.Field(i)
		if !field.Exported() {
			continue
		}
		line := fmt.Sprintf("\tfield %s.%s %s", owner, field.Name(), types.TypeString(field.Type(), qualifier(pkg)))
		if field.Embedded() {
			line += " (embedded)"
		}
		if tag := s.Tag(i); tag != "" {
			line += " `" + tag + "`"
		}
		fmt.Fprintln(w, line)
	}
}

// describeInterface writes an interface's whole exported method set, and whether other packages can implement it at all.
func describeInterface(w io.Writer, pkg *types.Package, owner string, iface *types.Interface) {
	sealed := false
	for method := range iface.Methods() {
		if !method.Exported() {
			sealed = true
			continue
		}
		fmt.Fprintf(w, "\tmethod %s.%s%s\n", owner, method.Name(), signature(method, pkg))
	}
	if sealed {
		fmt.Fprintf(w, "\tsealed %s (has unexported methods)\n", owner)
	}
	if !iface.IsMethodSet() {
		fmt.Fprintf(w, "\tconstraint %s %s\n", owner, types.TypeString(iface, qualifier(pkg)))
	}
}

// describeMethods writes the exported methods declared on a type; those that it gets by embedding show at the embedded type.
func describeMethods(w io.Writer, pkg *types.Package, owner string, named *types.Named) {
	methods := map[string]*types.Func{}
	for method := range named.Methods() {
		if method.Exported() {
			methods[method.Name()] = method
		}
	}
	for _, name := range slices.Sorted(maps.Keys(methods)) {
		fmt.Fprintf(w, "\tmethod (%s) %s%s\n", receiver(methods[name], owner), name, signature(methods[name], pkg))
	}
}

func receiver(method *types.Func, owner string) string {
	if _, ok := method.Signature().Recv().Type().(*types.Pointer); ok {
		return "*" + owner
	}
	return owner
}

func signature(f *types.Func, pkg *types.Package) string {
	return strings.TrimPrefix(types.TypeString(f.Signature(), qualifier(pkg)), "func")
}
