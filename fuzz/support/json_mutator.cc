#include "fuzz/support/json_mutator.h"

#include <algorithm>
#include <array>
#include <cstring>
#include <iterator>
#include <optional>
#include <utility>
#include <vector>

#include "fuzz/support/input_lines.h"

extern "C" std::size_t LLVMFuzzerMutate(std::uint8_t* data, std::size_t size, std::size_t max_size);

namespace logs_sdk::fuzz {
namespace {

constexpr std::string_view kSpaces = " \t\r\n";
// Within one document this many changes of strings in strings: their text doubles with each level.
constexpr int kMaxLevels = 3;

// libFuzzer's own changes, of `text`.
void mutate_bytes(std::string& text, std::size_t max_size) {
  const std::size_t size = text.size(), room = std::max<std::size_t>(std::min(max_size, size + 64), 1);
  if (size > room) return;
  text.resize(room);
  text.resize(LLVMFuzzerMutate(reinterpret_cast<std::uint8_t*>(text.data()), size, room));
}

// A piece of a document: one of "{}[]:,", '"' for a string, 'v' for a number or word, ' ' for white space.
struct Token {
  char kind;
  std::size_t begin, end;
};

std::size_t end_of_string(std::string_view text, std::size_t at) {
  for (++at; at < text.size() && text[at] != '"'; ++at) {
    if (text[at] == '\\') ++at;
  }
  return std::min(at + 1, text.size());
}

Token token_at(std::string_view text, std::size_t at) {
  const char c = text[at];
  if (std::string_view("{}[]:,").find(c) != std::string_view::npos) return {c, at, at + 1};
  if (c == '"') return {c, at, end_of_string(text, at)};
  const bool space = kSpaces.find(c) != std::string_view::npos;
  const std::size_t end = space ? text.find_first_not_of(kSpaces, at) : text.find_first_of("{}[]:,\" \t\r\n", at);
  return {space ? ' ' : 'v', at, std::min(end, text.size())};
}

std::vector<Token> tokens_of(std::string_view text) {
  std::vector<Token> tokens;
  for (std::size_t at = 0; at < text.size(); at = tokens.back().end) tokens.push_back(token_at(text, at));
  return tokens;
}

// As a string token. Bytes that JSON cannot hold in a string are escaped, all else stands as it is.
std::string quoted(std::string_view text) {
  constexpr std::string_view kDigits = "0123456789abcdef";
  std::string out = "\"";
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if (c == '"' || c == '\\') {
      out.append(1, '\\').append(1, c);
    } else if (byte < 0x20) {
      out.append("\\u00").append(1, kDigits[byte >> 4]).append(1, kDigits[byte & 15]);
    } else {
      out += c;
    }
  }
  return out + '"';
}

// What a string token holds, as far as its escapes are one byte long: enough for JSON within it.
std::string unquoted(std::string_view token) {
  std::string out;
  for (std::size_t i = 1; i + 1 < token.size(); ++i) {
    if (token[i] != '\\' || i + 2 >= token.size()) {
      out += token[i];
      continue;
    }
    constexpr std::string_view kNames = "bfnrt", kBytes = "\b\f\n\r\t";
    const std::size_t known = kNames.find(token[++i]);
    if (token[i] == 'u') out += '\\';
    out += known == std::string_view::npos ? token[i] : kBytes[known];
  }
  return out;
}

bool looks_like_json(std::string_view text) {
  const std::size_t first = text.find_first_not_of(kSpaces);
  return first != std::string_view::npos && (text[first] == '{' || text[first] == '[');
}

class Mutation {
 public:
  Mutation(std::string& text, std::size_t max_size, std::minstd_rand& random, int level)
      : text_(text), max_size_(max_size), random_(random), level_(level) {}

  void change() {
    tokens_ = tokens_of(text_);
    if (tokens_.empty()) {
      text_ = generated_value();
      return;
    }
    using Change = void (Mutation::*)();
    // White space first: it is what parsers of different minds disagree on.
    static constexpr Change kChanges[] = {
        &Mutation::insert_space, &Mutation::insert_space,  &Mutation::insert_space_around, &Mutation::remove_space,
        &Mutation::wrap_value,   &Mutation::replace_value, &Mutation::copy_value,          &Mutation::repeat_member,
        &Mutation::remove_value, &Mutation::edit_string,   &Mutation::edit_string,         &Mutation::rename_member,
        &Mutation::quote_value,  &Mutation::edit_inside,   &Mutation::edit_inside,         &Mutation::edit_inside,
        &Mutation::edit_number,  &Mutation::cut,           &Mutation::edit_bytes};
    (this->*kChanges[below(std::size(kChanges))])();
    if (text_.size() > max_size_) text_.resize(max_size_);
  }

 private:
  std::size_t below(std::size_t bound) { return random_() % bound; }
  // One of the words of a list, which blanks part.
  std::string word_of(std::string_view list) {
    const auto blanks = static_cast<std::size_t>(std::count(list.begin(), list.end(), ' '));
    for (std::size_t left = below(blanks + 1); left > 0; --left) list.remove_prefix(list.find(' ') + 1);
    return std::string(list.substr(0, list.find(' ')));
  }
  template <std::size_t kCount>
  std::string one_of(const std::array<std::string_view, kCount>& choices) {
    return std::string(choices[below(kCount)]);
  }

  std::string space() {
    static constexpr std::array<std::string_view, 8> kKinds = {" ", "\n", "\t", "\r\n", "  \n ", "\r", "    ", "\n\n"};
    // What looks like white space and is none.
    static constexpr std::array<std::string_view, 4> kFalse = {"\f", "\v", "\xEF\xBB\xBF", "\xC2\xA0"};
    return below(24) == 0 ? one_of(kFalse) : one_of(kKinds);
  }

  std::string number() {
    return word_of(
        "0 -0 1 -1 1e999 1E-400 0.1 123456789 9223372036854775807 1e+2 4111111111111111 18446744073709551616 "
        "-9223372036854775809 01 1. -");
  }
  std::string piece_of_string() {
    return word_of(
        R"(\u0000 \ud800 \udc00 \ud83d\ude00 \u005c \u0022 \/ \\ \" \n \uD83D\u0041 \u12 \x41 ...[truncated] )"
        R"(password= ? & = \ Bearer )"
        "\xFF \xED\xA0\x80 \xE4\xB8\xAD \xF0\x9F\x98\x80");
  }
  std::string generated_value() {
    if (below(3) == 0) return number();
    return word_of(R"(true false null {} [] "" "***" {"password":"x"} [1,"two",{"three":3}] [{}] )"
                   R"("{\"a\":[]}\n" "{\"a\":\"b\"}\t")");
  }

  // A token at random that a value begins with; none in a text without values.
  std::optional<std::size_t> value() {
    const std::size_t from = below(tokens_.size());
    for (std::size_t i = 0; i < tokens_.size(); ++i) {
      const std::size_t at = (from + i) % tokens_.size();
      if (std::string_view("{[\"v").find(tokens_[at].kind) != std::string_view::npos) return at;
    }
    return std::nullopt;
  }
  std::optional<std::size_t> token_of_kind(char kind) {
    const std::size_t from = below(tokens_.size());
    for (std::size_t i = 0; i < tokens_.size(); ++i) {
      const std::size_t at = (from + i) % tokens_.size();
      if (tokens_[at].kind == kind) return at;
    }
    return std::nullopt;
  }
  // Where the value that begins with token `at` ends in the text.
  std::size_t end_of(std::size_t at) const {
    std::size_t depth = 0;
    for (; at < tokens_.size(); ++at) {
      const char kind = tokens_[at].kind;
      if (kind == '{' || kind == '[') ++depth;
      if (depth > 0 && (kind == '}' || kind == ']')) --depth;
      if (depth == 0) return tokens_[at].end;
    }
    return text_.size();
  }
  std::size_t begin_of(std::size_t at) const { return tokens_[at].begin; }
  std::string text_of(std::size_t at) const { return text_.substr(begin_of(at), end_of(at) - begin_of(at)); }
  void replace(std::size_t at, std::string_view by) { text_.replace(begin_of(at), end_of(at) - begin_of(at), by); }
  // Of the member whose value is at `at`: its name, or the value itself in a list.
  std::size_t member_of(std::size_t at) const {
    std::size_t before = at;
    while (before > 0 && (tokens_[before - 1].kind == ' ' || tokens_[before - 1].kind == ':')) --before;
    const bool named = before < at && before > 0 && tokens_[before - 1].kind == '"' && has_colon(before, at);
    return named ? before - 1 : at;
  }
  bool has_colon(std::size_t from, std::size_t to) const {
    return std::any_of(tokens_.begin() + static_cast<std::ptrdiff_t>(from),
                       tokens_.begin() + static_cast<std::ptrdiff_t>(to),
                       [](const Token& token) { return token.kind == ':'; });
  }

  void insert_space() { text_.insert(begin_of(below(tokens_.size())), space()); }
  void insert_space_around() { below(3) == 0 ? text_.insert(0, space()) : text_.append(space()); }
  void remove_space() {
    if (const auto at = token_of_kind(' ')) text_.erase(begin_of(*at), tokens_[*at].end - begin_of(*at));
  }
  void wrap_value() {
    const auto at = value();
    if (!at) return;
    // Around the depth at which readers give up, or a few levels only.
    const std::size_t levels = below(4) == 0 ? 60 + below(10) : 1 + below(4);
    const bool in_list = below(2) == 0;
    std::string inside = text_of(*at), before, after;
    for (std::size_t i = 0; i < levels; ++i) {
      before += in_list ? "[" : "{\"a\":";
      after += in_list ? "]" : "}";
    }
    replace(*at, before + inside + after);
  }
  void replace_value() {
    if (const auto at = value()) replace(*at, generated_value());
  }
  void copy_value() {
    const auto from = value(), to = value();
    if (from && to) replace(*to, text_of(*from));
  }
  void repeat_member() {
    const auto at = value();
    if (!at) return;
    const std::size_t begin = begin_of(member_of(*at));
    text_.insert(end_of(*at), "," + text_.substr(begin, end_of(*at) - begin));
  }
  void remove_value() {
    const auto at = value();
    if (!at) return;
    const std::size_t begin = begin_of(member_of(*at)), end = end_of(*at);
    const std::size_t comma = text_.find_first_not_of(kSpaces, end);
    const bool more = comma != std::string::npos && text_[comma] == ',';
    text_.erase(begin, (more ? comma + 1 : end) - begin);
  }
  void rename_member() {
    const auto at = value();
    if (!at) return;
    const std::size_t name = member_of(*at);
    if (name == *at) return;
    text_.replace(begin_of(name), tokens_[name].end - begin_of(name),
                  word_of(R"("password" "token" "Set-Cookie" "authorization" "content-type" "uuid" "tags" "metadata" )"
                          R"("request_headers" "latency_breakdown" "logs" "uid" "x-api-key" "..." "" "is_callback" )"
                          R"("pass\u0077ord" "timestamp" "level" "extra.a" "text")"));
  }
  void edit_number() {
    const auto at = token_of_kind('v');
    if (!at) return;
    if (below(2) == 0) return replace(*at, number());
    std::string bytes = text_of(*at);
    mutate_bytes(bytes, bytes.size() + 4);
    replace(*at, bytes);
  }
  void edit_string() {
    const auto at = token_of_kind('"');
    if (!at) return;
    std::string token = text_of(*at);
    if (token.size() < 2) return;
    if (below(2) == 0) {
      token.insert(1 + below(token.size() - 1), piece_of_string());
      return replace(*at, token);
    }
    std::string bytes = unquoted(token);
    mutate_bytes(bytes, max_size_);
    replace(*at, quoted(bytes));
  }
  void quote_value() {
    if (const auto at = value()) replace(*at, quoted(text_of(*at)));
  }
  // JSON that a string holds. Looked for among several, for most hold none.
  void edit_inside() {
    for (int tries = 0; tries < 8; ++tries) {
      const auto at = token_of_kind('"');
      if (!at) return;
      std::string inside = unquoted(text_of(*at));
      if (level_ >= kMaxLevels || !looks_like_json(inside)) continue;
      Mutation(inside, max_size_, random_, level_ + 1).change();
      return replace(*at, quoted(inside));
    }
    insert_space_around();
  }
  void cut() {
    const std::size_t at = below(text_.size() + 1);
    below(4) == 0 ? text_.erase(0, at) : text_.erase(at);
  }
  void edit_bytes() { mutate_bytes(text_, max_size_); }

  std::string& text_;
  const std::size_t max_size_;
  std::minstd_rand& random_;
  const int level_;
  std::vector<Token> tokens_;
};

// One line of several, its value as JSON where it looks like it.
void mutate_lines(std::string& input, std::size_t max_size, std::minstd_rand& random) {
  std::vector<std::string> lines;
  for (std::string_view rest = input; !rest.empty();) {
    const std::string_view line = rest.substr(0, rest.find('\n'));
    rest.remove_prefix(std::min(line.size() + 1, rest.size()));
    lines.emplace_back(line);
  }
  if (lines.empty()) return mutate_bytes(input, max_size);
  std::string& line = lines[random() % lines.size()];
  const std::size_t equals = line.find(" = ");
  std::string value = equals == std::string::npos ? "" : unescaped(line.substr(equals + 3), max_size);
  const auto kind = random() % 16;
  if (kind == 0) {
    lines.insert(lines.begin() + static_cast<std::ptrdiff_t>(random() % lines.size()), line);
  } else if (kind == 1) {
    std::swap(line, lines[random() % lines.size()]);
  } else if (kind == 2) {
    lines.erase(lines.begin() + static_cast<std::ptrdiff_t>(random() % lines.size()));
  } else if (equals == std::string::npos || kind == 3) {
    return mutate_bytes(input, max_size);
  } else {
    looks_like_json(value) ? mutate_json(value, max_size, random) : mutate_bytes(value, max_size);
    line.replace(equals + 3, std::string::npos, escaped(value));
  }
  input.clear();
  for (const std::string& each : lines) input.append(each).append(1, '\n');
}

void mutate_head_and_json(std::string& input, std::size_t max_size, std::minstd_rand& random) {
  const HeadAndJson parts = split_input(input);
  std::string head(parts.head), json(parts.json);
  if (random() % 3 == 0) {
    mutate_bytes(head, max_size);
  } else {
    mutate_json(json, max_size, random);
  }
  input = head + "\n\n" + json;
}

}  // namespace

void mutate_json(std::string& text, std::size_t max_size, std::minstd_rand& random) {
  for (auto left = 1 + random() % 3; left > 0; --left) Mutation(text, max_size, random, 0).change();
}

HeadAndJson split_input(std::string_view input) {
  const std::size_t head = std::min(input.find("\n\n"), input.size());
  return {input.substr(0, head), input.substr(std::min(head + 2, input.size()))};
}

std::size_t mutate_input(Layout layout, std::uint8_t* data, std::size_t size, std::size_t max_size, unsigned seed) {
  std::minstd_rand random(seed);
  std::string input(reinterpret_cast<const char*>(data), size);
  switch (layout) {
    case Layout::kJson:
      mutate_json(input, max_size, random);
      break;
    case Layout::kLines:
      mutate_lines(input, max_size, random);
      break;
    case Layout::kHeadAndJson:
      mutate_head_and_json(input, max_size, random);
      break;
  }
  const std::size_t used = std::min(input.size(), max_size);
  std::memcpy(data, input.data(), used);
  return used;
}

}  // namespace logs_sdk::fuzz
