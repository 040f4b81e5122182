package tools

import (
	"context"
	"errors"
	"fmt"
	"go/ast"
	"go/constant"
	"go/parser"
	"go/token"
	"math"
	"strconv"
	"strings"
)

const (
	calculateDescription = "Evaluates arithmetic exactly: numbers, + - * / %, signs and parentheses. 7/2 is 3.5."
	calculateSchema      = `{"type":"object","additionalProperties":false,"required":["expression"],"properties":{
"expression":{"type":"string","description":"such as (3 + 4.5) * 2"}}}`
)

// maxExpression bounds an expression, in bytes, and with it the work and the size of its result.
const maxExpression = 500

// maxExactBits is how big a whole number may be, about 38 digits, to be written out in full.
const maxExactBits = 128

// ErrDivisionByZero is the error of x/0 and x%0.
var ErrDivisionByZero = errors.New("division by zero")

type calculateInput struct {
	Expression string `json:"expression"`
}

// Calculation is the result of calculate. Value is exact for whole numbers of up to 38 digits, else rounded to 15 digits.
type Calculation struct {
	Expression string `json:"expression"`
	Value      string `json:"value"`
}

func calculate(_ context.Context, in calculateInput) (*Calculation, error) {
	if len(in.Expression) > maxExpression {
		return nil, fmt.Errorf("expression: want at most %d bytes, got %d", maxExpression, len(in.Expression))
	}
	tree, err := parser.ParseExpr(in.Expression)
	if err != nil {
		return nil, fmt.Errorf("expression %q: %w", in.Expression, err)
	}
	value, err := evaluate(tree)
	if err != nil {
		return nil, fmt.Errorf("expression %q: %w", in.Expression, err)
	}
	text, err := format(value)
	if err != nil {
		return nil, fmt.Errorf("expression %q: %w", in.Expression, err)
	}
	return &Calculation{Expression: in.Expression, Value: text}, nil
}

// evaluate uses the exact arithmetic of the Go compiler, on the few node types that are arithmetic.
func evaluate(tree ast.Expr) (constant.Value, error) {
	switch node := tree.(type) {
	case *ast.BasicLit:
		return literal(node)
	case *ast.ParenExpr:
		return evaluate(node.X)
	case *ast.UnaryExpr:
		return unary(node)
	case *ast.BinaryExpr:
		return binary(node)
	}
	return nil, fmt.Errorf("at %d: want numbers, + - * / %%, signs and parentheses only", tree.Pos())
}

func literal(node *ast.BasicLit) (constant.Value, error) {
	if node.Kind != token.INT && node.Kind != token.FLOAT {
		return nil, fmt.Errorf("at %d: %s is no number", node.Pos(), node.Value)
	}
	if octal(node.Value) {
		return nil, fmt.Errorf("at %d: %s: want a number without leading zeros", node.Pos(), node.Value)
	}
	value := constant.MakeFromLiteral(node.Value, node.Kind, 0)
	if value.Kind() == constant.Unknown {
		return nil, fmt.Errorf("at %d: %s is no number, or out of range", node.Pos(), node.Value)
	}
	return value, nil
}

// octal says whether Go takes the number as an octal one because it starts with a zero. Nobody else does.
func octal(text string) bool {
	return len(text) > 1 && text[0] == '0' && strings.Trim(text, "0123456789_") == ""
}

func unary(node *ast.UnaryExpr) (constant.Value, error) {
	x, err := evaluate(node.X)
	if err != nil {
		return nil, err
	}
	if node.Op != token.ADD && node.Op != token.SUB {
		return nil, fmt.Errorf("at %d: the operator %s is not known here, + and - are", node.OpPos, node.Op)
	}
	return constant.UnaryOp(node.Op, x, 0), nil
}

func binary(node *ast.BinaryExpr) (constant.Value, error) {
	x, err := evaluate(node.X)
	if err != nil {
		return nil, err
	}
	y, err := evaluate(node.Y)
	if err != nil {
		return nil, err
	}
	switch node.Op {
	case token.ADD, token.SUB, token.MUL:
		return constant.BinaryOp(x, node.Op, y), nil
	case token.QUO:
		return divide(x, y)
	case token.REM:
		return remainder(x, y)
	}
	return nil, fmt.Errorf("at %d: the operator %s is not known here, + - * / %% are", node.OpPos, node.Op)
}

func divide(x, y constant.Value) (constant.Value, error) {
	if constant.Sign(y) == 0 {
		return nil, ErrDivisionByZero
	}
	return constant.BinaryOp(x, token.QUO, y), nil
}

func remainder(x, y constant.Value) (constant.Value, error) {
	a, b := constant.ToInt(x), constant.ToInt(y)
	if a.Kind() != constant.Int || b.Kind() != constant.Int {
		return nil, errors.New("% wants whole numbers")
	}
	if constant.Sign(b) == 0 {
		return nil, ErrDivisionByZero
	}
	return constant.BinaryOp(a, token.REM, b), nil
}

func format(value constant.Value) (string, error) {
	if whole := constant.ToInt(value); whole.Kind() == constant.Int && constant.BitLen(whole) <= maxExactBits {
		return whole.ExactString(), nil
	}
	f, _ := constant.Float64Val(value)
	if value.Kind() == constant.Unknown || math.IsInf(f, 0) {
		return "", errors.New("the result is out of range")
	}
	return strconv.FormatFloat(f, 'g', 15, 64), nil
}
