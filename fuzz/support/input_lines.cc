#include "fuzz/support/input_lines.h"

#include <algorithm>
#include <charconv>

#include "src/base/hex.h"

namespace logs_sdk::fuzz {
namespace {

// "(text*count)" behind the backslash; nothing is taken when it is not that.
std::size_t append_repetition(std::string_view text, std::size_t max_bytes, std::string& out) {
  const std::size_t star = text.find('*'), close = text.find(')');
  if (star == std::string_view::npos || close == std::string_view::npos || close < star) return 0;
  const std::string part = unescaped(text.substr(1, star - 1), max_bytes);
  for (std::int64_t left = number_in(text.substr(star + 1)); left > 0 && !part.empty(); --left) {
    if (out.size() + part.size() > max_bytes) break;
    out += part;
  }
  return close + 1;
}

// What follows a backslash. Returns how many bytes of `text` it took; 0: nothing that is known.
std::size_t append_escape(std::string_view text, std::size_t max_bytes, std::string& out) {
  if (text.empty()) return 0;
  constexpr std::string_view kNames = "nrt\\", kBytes = "\n\r\t\\";
  if (const std::size_t known = kNames.find(text[0]); known != std::string_view::npos) {
    out += kBytes[known];
    return 1;
  }
  if (text[0] == 'x' && text.size() >= 3 && hex_value(text[1]) >= 0 && hex_value(text[2]) >= 0) {
    out += static_cast<char>(hex_value(text[1]) * 16 + hex_value(text[2]));
    return 3;
  }
  return text[0] == '(' ? append_repetition(text, max_bytes, out) : 0;
}

}  // namespace

std::string unescaped(std::string_view text, std::size_t max_bytes) {
  std::string out;
  while (!text.empty() && out.size() < max_bytes) {
    const std::size_t plain = std::min(text.find('\\'), text.size());
    out.append(text.substr(0, plain));
    text.remove_prefix(plain);
    if (text.empty()) break;
    const std::size_t taken = append_escape(text.substr(1), max_bytes, out);
    if (taken == 0) out += '\\';
    text.remove_prefix(taken + 1);
  }
  return out;
}

std::string escaped(std::string_view text) {
  std::string out;
  for (const char c : text) {
    constexpr std::string_view kNames = "nrt\\", kBytes = "\n\r\t\\";
    const std::size_t known = kBytes.find(c);
    if (known == std::string_view::npos) {
      out += c;
    } else {
      out += '\\';
      out += kNames[known];
    }
  }
  return out;
}

std::vector<InputLine> read_lines(std::string_view text) {
  std::vector<InputLine> lines;
  std::size_t left = kMaxInputBytes;
  while (!text.empty()) {
    std::string_view line = text.substr(0, text.find('\n'));
    text.remove_prefix(std::min(line.size() + 1, text.size()));
    const std::size_t equals = line.find(" = ");
    if (line.starts_with('#') || equals == std::string_view::npos) continue;
    const std::string_view head = line.substr(0, equals);
    const std::string_view name = head.substr(0, head.find(' '));
    InputLine read{.name = name, .argument = {}, .value = unescaped(line.substr(equals + 3), left)};
    left -= std::min(left, read.value.size());
    if (name.size() < head.size()) read.argument = unescaped(head.substr(name.size() + 1), left);
    left -= std::min(left, read.argument.size());
    lines.push_back(std::move(read));
  }
  return lines;
}

std::int64_t number_in(std::string_view text) {
  std::int64_t number = 0;
  std::from_chars(text.data(), text.data() + text.size(), number);
  return number;
}

}  // namespace logs_sdk::fuzz
