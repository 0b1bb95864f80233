// The tokens that need more than a regular expression: pieces of strings, paths, and two that are empty.
//
// A gap stands where a value, a name, a closing bracket or a semicolon is missing because the next binding begins: after
// `a = [ 1` a line `b = 2;` can only be a new binding. No Nix program has `name =`, `name.name =` or `inherit` in such a
// place. A hole stands where an operand or a name is missing before a closing bracket, a comma or a semicolon. Neither
// hides in correct text, and half-typed text keeps its neighbours.
//
// Derived from tree-sitter-nix (MIT, see ../LICENSE.tree-sitter-nix).
#include <tree_sitter/parser.h>

enum TokenType {
  STRING_FRAGMENT,
  INDENTED_STRING_FRAGMENT,
  PATH_START,
  PATH_FRAGMENT,
  GAP,
  HOLE,
};

static void advance(TSLexer *lexer) { lexer->advance(lexer, false); }

// Asked only at a NUL: at the end there is one too, and asking is a call for each character of a string otherwise.
static bool at_end(TSLexer *lexer) { return lexer->lookahead == 0 && lexer->eof(lexer); }

static void advance_unless_end(TSLexer *lexer) {
  if (!at_end(lexer)) advance(lexer);
}

// Up to the closing quote or an interpolation, escapes included. `$${` opens no interpolation.
static bool scan_string_fragment(TSLexer *lexer) {
  lexer->result_symbol = STRING_FRAGMENT;
  for (bool has_content = false;; has_content = true) {
    switch (lexer->lookahead) {
      case '"':
        lexer->mark_end(lexer);
        return has_content;
      case '\\':
        advance(lexer);
        advance_unless_end(lexer);
        break;
      case '$':
        lexer->mark_end(lexer);
        advance(lexer);
        if (lexer->lookahead == '{') return has_content;
        if (lexer->lookahead != '"' && lexer->lookahead != '\\') advance_unless_end(lexer);
        break;
      default:
        if (at_end(lexer)) {
          lexer->mark_end(lexer);
          return has_content;
        }
        advance(lexer);
    }
  }
}

// Up to the closing quotes or an interpolation; `'''`, `''$` and `''\` with its character are content.
static bool scan_indented_string_fragment(TSLexer *lexer) {
  lexer->result_symbol = INDENTED_STRING_FRAGMENT;
  for (bool has_content = false;; has_content = true) {
    switch (lexer->lookahead) {
      case '$':
        lexer->mark_end(lexer);
        advance(lexer);
        if (lexer->lookahead == '{') return has_content;
        if (lexer->lookahead != '\'') advance_unless_end(lexer);
        break;
      case '\'':
        lexer->mark_end(lexer);
        advance(lexer);
        if (lexer->lookahead != '\'') break;
        advance(lexer);
        if (lexer->lookahead == '\\') {
          advance(lexer);
          advance_unless_end(lexer);
        } else if (lexer->lookahead == '\'' || lexer->lookahead == '$') {
          advance(lexer);
        } else {
          return has_content;
        }
        break;
      default:
        if (at_end(lexer)) {
          lexer->mark_end(lexer);
          return has_content;
        }
        advance(lexer);
    }
  }
}

static bool is_name_start(int32_t c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
}

static bool is_name_char(int32_t c) {
  return is_name_start(c) || (c >= '0' && c <= '9') || c == '\'' || c == '-';
}

// The characters of a path, the slash excepted.
static bool is_path_char(int32_t c) {
  return is_name_start(c) || (c >= '0' && c <= '9') || c == '-' || c == '+' || c == '.';
}

static bool is_space(int32_t c) { return c == ' ' || c == '\n' || c == '\r' || c == '\t'; }

// Looking ahead has an end, or text like `1+1+1+…` would be scanned to its end from each of its tokens. No file name is
// longer than 255 characters, and a binding's head hardly longer.
enum { LONGEST_NAME = 255, LONGEST_HEAD = 500 };

static bool ends_operand(int32_t c) { return c == ';' || c == ')' || c == ']' || c == '}' || c == ',' || c == '='; }

static bool scan_path_fragment(TSLexer *lexer) {
  lexer->result_symbol = PATH_FRAGMENT;
  while (is_path_char(lexer->lookahead) || lexer->lookahead == '/') advance(lexer);
  lexer->mark_end(lexer);
  return true;
}

// What the characters scanned so far can still become as the head of a binding.
enum Head {
  NAME_EXPECTED, // at the start or after a dot
  IN_NAME,
  AFTER_NAME,
  NO_HEAD,
};

// Remembers whether the name scanned is `inherit`; `matched` counts its letters, -1 once it differs.
static int match_inherit(int matched, int32_t c) {
  static const char keyword[] = "inherit";
  if (matched < 0 || matched >= 7) return -1;
  return keyword[matched] == c ? matched + 1 : -1;
}

static enum Head head_after(enum Head head, int32_t c) {
  if (head == NAME_EXPECTED) return is_name_start(c) ? IN_NAME : NO_HEAD;
  if (head == IN_NAME) return is_name_char(c) ? IN_NAME : c == '.' ? NAME_EXPECTED : NO_HEAD;
  return NO_HEAD;
}

// A quoted name without interpolation; the lexer stands at its first quote.
static enum Head skip_quoted_name(TSLexer *lexer, int *scanned) {
  advance(lexer);
  for (;;) {
    if (at_end(lexer) || lexer->lookahead == '\n' || ++*scanned > LONGEST_HEAD) return NO_HEAD;
    int32_t c = lexer->lookahead;
    advance(lexer);
    if (c == '"') return AFTER_NAME;
    if (c == '$' && lexer->lookahead == '{') return NO_HEAD;
    if (c == '\\') advance_unless_end(lexer);
  }
}

// Goes on after the characters that a path could share with a name, to the `=` that makes them the head of a binding.
static bool scan_rest_of_head(TSLexer *lexer, enum Head head, int matched) {
  lexer->result_symbol = GAP;
  for (int scanned = 0; scanned < LONGEST_HEAD; scanned++) {
    int32_t c = lexer->lookahead;
    if (head == NO_HEAD || at_end(lexer)) return false;
    if (head == IN_NAME) {
      if (is_name_char(c)) {
        matched = -1;
        advance(lexer);
        continue;
      }
      if (matched == 7) return is_space(c) || c == '(';
      head = AFTER_NAME;
    }
    matched = -1;
    if (is_space(c)) {
      // A line that ends in a dot is one that somebody is typing.
      if (c == '\n' && head == NAME_EXPECTED) return false;
      advance(lexer);
    } else if (head == AFTER_NAME) {
      advance(lexer);
      if (c == '=') return lexer->lookahead != '=';
      if (c != '.') return false;
      head = NAME_EXPECTED;
    } else if (c == '"') {
      head = skip_quoted_name(lexer, &scanned);
    } else if (is_name_start(c)) {
      head = IN_NAME;
    } else {
      return false;
    }
  }
  return false;
}

// A path begins where a slash is followed by a path character or by an interpolation; `a//b` is an update.
static bool scan_path_start_or_empty(TSLexer *lexer, const bool *valid) {
  // Nothing has consumed the white space before the token.
  while (is_space(lexer->lookahead)) lexer->advance(lexer, true);
  lexer->mark_end(lexer);
  if (valid[HOLE] && ends_operand(lexer->lookahead)) {
    lexer->result_symbol = HOLE;
    return true;
  }
  if (!valid[PATH_START] && !valid[GAP]) return false;

  enum Head head = NAME_EXPECTED;
  int matched = 0;
  for (int scanned = 0; is_path_char(lexer->lookahead); scanned++) {
    if (scanned == LONGEST_NAME) return false;
    head = head_after(head, lexer->lookahead);
    matched = match_inherit(matched, lexer->lookahead);
    advance(lexer);
  }
  if (lexer->lookahead == '/') {
    if (!valid[PATH_START]) return false;
    lexer->result_symbol = PATH_START;
    advance(lexer);
    if (is_path_char(lexer->lookahead)) {
      while (is_path_char(lexer->lookahead) || lexer->lookahead == '/') advance(lexer);
      lexer->mark_end(lexer);
      return true;
    }
    lexer->mark_end(lexer);
    if (lexer->lookahead != '$') return false;
    advance(lexer);
    return lexer->lookahead == '{';
  }
  return valid[GAP] && scan_rest_of_head(lexer, head, matched);
}

void *tree_sitter_nix_external_scanner_create(void) { return 0; }

void tree_sitter_nix_external_scanner_destroy(void *payload) {}

unsigned tree_sitter_nix_external_scanner_serialize(void *payload, char *buffer) { return 0; }

void tree_sitter_nix_external_scanner_deserialize(void *payload, const char *buffer, unsigned length) {}

bool tree_sitter_nix_external_scanner_scan(void *payload, TSLexer *lexer, const bool *valid) {
  // Only error recovery allows both kinds of fragments at once. It asks for any token at all, and a string fragment
  // there would swallow the correct text that follows.
  if (valid[STRING_FRAGMENT] && valid[INDENTED_STRING_FRAGMENT]) return false;
  if (valid[STRING_FRAGMENT]) return scan_string_fragment(lexer);
  if (valid[INDENTED_STRING_FRAGMENT]) return scan_indented_string_fragment(lexer);
  // Directly after a piece of a path comes a further piece, never a new path.
  if (valid[PATH_FRAGMENT] && (is_path_char(lexer->lookahead) || lexer->lookahead == '/')) {
    return scan_path_fragment(lexer);
  }
  if (valid[PATH_START] || valid[GAP] || valid[HOLE]) return scan_path_start_or_empty(lexer, valid);
  return false;
}
