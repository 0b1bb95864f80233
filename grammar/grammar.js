// The grammar of Nix that this project parses with: npm's tree-sitter-nix, extended. What differs, and why, is in README.md.
const base = require("tree-sitter-nix/grammar.js");

/** A rule with a separator after each but perhaps the last occurrence. */
function separated(rule, separator) {
  return seq(rule, repeat(seq(separator, rule)));
}

module.exports = grammar(base, {
  name: "nix",

  // Nix knows these four; tree-sitter's \s has many more.
  extras: $ => [/[ \t\r\n]+/, $.comment],

  // Every rule that stands for one other is a step of the parser for each value or name; of these it can leave out those
  // that are neither supertypes nor give a field.
  supertypes: () => [],
  inline: $ => [$._attr],

  externals: $ => [
    $.string_fragment,
    $._indented_string_fragment,
    $._path_start,
    $.path_fragment,
    // Both are empty and keep half-typed text readable, see src/scanner.c.
    $._gap,
    $._hole,
  ],

  rules: {
    // A bracket too many ends the expression early; the bindings after it belong to nobody.
    source_code: $ =>
      optional(
        seq(
          field("expression", $._expression),
          optional(seq(alias($._gap, $.early_end), repeat1($._member), repeat("}"))),
        ),
      ),

    _expr_op: $ =>
      choice(
        $.has_attr_expression,
        $.unary_expression,
        $.binary_expression,
        $._expr_apply_expression,
        $._missing_expression,
      ),
    _missing_expression: $ =>
      choice(alias($._gap, $.missing_expression), alias($._hole, $.missing_expression)),

    _expr_if: $ =>
      choice(
        $.if_expression,
        alias($._pipe_into, $.binary_expression),
        alias($._pipe_from, $.binary_expression),
        $._expr_op,
      ),

    // Operands are operations: neither direction mixes with the other, nor with lambdas that stand bare.
    _pipe_into: $ =>
      seq(
        field("left", choice(alias($._pipe_into, $.binary_expression), $._expr_op)),
        field("operator", "|>"),
        field("right", $._expr_op),
      ),
    _pipe_from: $ =>
      seq(
        field("left", $._expr_op),
        field("operator", "<|"),
        field("right", choice(alias($._pipe_from, $.binary_expression), $._expr_op)),
      ),

    formals: $ =>
      choice(
        seq("{", "}"),
        seq("{", separated(field("formal", $.formal), ","), optional(","), "}"),
        seq("{", separated(field("formal", $.formal), ","), ",", field("ellipses", $.ellipses), "}"),
        seq("{", field("ellipses", $.ellipses), "}"),
      ),

    // One leaf for a variable instead of two nodes: variables are the most frequent expressions.
    variable_expression: $ => $.identifier,
    _expr_simple: $ =>
      choice(
        alias($.identifier, $.variable_expression),
        $.integer_expression,
        $.float_expression,
        $.string_expression,
        $.indented_string_expression,
        $.path_expression,
        $.hpath_expression,
        $.spath_expression,
        $.uri_expression,
        $.parenthesized_expression,
        $.attrset_expression,
        $.let_attrset_expression,
        $.rec_attrset_expression,
        $.list_expression,
      ),

    // `f or` is `f` applied to a variable named `or`, and binds as tightly as a selection.
    _expr_select_expression: $ =>
      choice($.select_expression, alias($._apply_or, $.apply_expression), $._expr_simple),
    _apply_or: $ =>
      seq(field("function", $._expr_simple), field("argument", alias("or", $.variable_expression))),

    // Escapes stay inside the fragments; the lowering resolves them.
    string_expression: $ => seq('"', repeat(choice($.string_fragment, $.interpolation)), '"'),
    indented_string_expression: $ =>
      seq("''", repeat(choice(alias($._indented_string_fragment, $.string_fragment), $.interpolation)), "''"),

    hpath_expression: $ =>
      choice(
        seq(
          alias($._hpath_start, $.path_fragment),
          repeat(choice($.path_fragment, alias($._immediate_interpolation, $.interpolation))),
        ),
        seq(
          alias("~/", $.path_fragment),
          alias($._immediate_interpolation, $.interpolation),
          repeat(choice($.path_fragment, alias($._immediate_interpolation, $.interpolation))),
        ),
      ),

    parenthesized_expression: $ =>
      seq("(", field("expression", $._expression), choice(")", alias($._gap, $.missing_parenthesis))),
    list_expression: $ =>
      seq(
        "[",
        repeat(field("element", $._expr_select_expression)),
        choice("]", alias($._gap, $.missing_bracket)),
      ),

    attrset_expression: $ => seq("{", repeat($._member), "}"),
    let_attrset_expression: $ => seq("let", "{", repeat($._member), "}"),
    rec_attrset_expression: $ => seq("rec", "{", repeat($._member), "}"),
    let_expression: $ => seq("let", repeat($._member), "in", field("body", $._expr_function_expression)),

    _member: $ => choice($.binding, $.inherit, $.inherit_from),
    binding: $ =>
      choice(
        seq(field("attrpath", $.attrpath), "=", field("expression", $._expression), $._end),
        seq(field("attrpath", $.attrpath), choice(";", alias($._gap, $.missing_value))),
      ),
    inherit: $ => seq("inherit", optional($._inherited), $._end),
    inherit_from: $ =>
      seq("inherit", "(", field("expression", $._expression), ")", optional($._inherited), $._end),
    attrpath: $ => seq($._attr, repeat(seq(".", choice($._attr, alias($._hole, $.missing_name))))),
    // In `x.` before a line `name = …` the name is missing; an attribute path that a binding begins with goes on there.
    _selected: $ =>
      separated(choice($._attr, alias($._hole, $.missing_name), alias($._gap, $.missing_name)), "."),
    _attr: $ => field("attr", choice($.identifier, $.string_expression, $.interpolation)),
    select_expression: $ =>
      seq(
        field("expression", $._expr_simple),
        ".",
        field("attrpath", alias($._selected, $.attrpath)),
        optional(seq("or", field("default", $._expr_select_expression))),
      ),

    _end: $ => choice(";", alias($._gap, $.missing_semicolon)),
    _inherited: $ => repeat1(field("attr", choice($.identifier, $.string_expression, $.interpolation))),

    // Both `\n` and a lone `\r` end it.
    comment: () => token(choice(/#[^\r\n]*/, seq("/*", /[^*]*\*+([^/*][^*]*\*+)*/, "/"))),
  },
});
