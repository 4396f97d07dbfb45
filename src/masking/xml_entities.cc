#include "src/masking/xml_entities.h"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <optional>

#include "src/base/ascii.h"
#include "src/base/hex.h"
#include "src/json/utf8.h"

namespace logs_sdk::inline v1 {
namespace {

struct Entity {
  std::string_view name;  // with what stands around it
  char character;
};
constexpr Entity kEntities[] = {{"&amp;", '&'}, {"&lt;", '<'}, {"&gt;", '>'}, {"&quot;", '"'}, {"&apos;", '\''}};

// The longest reference by number, with zeros in front.
constexpr std::size_t kMaxNumberBytes = 12;

// The character of "&#…;", which `reference` is.
std::optional<std::uint32_t> character_of(std::string_view reference) noexcept {
  std::string_view digits = reference.substr(2, reference.size() - 3);
  const bool hex = digits.starts_with('x') || digits.starts_with('X');
  if (hex) digits.remove_prefix(1);
  if (digits.empty()) return std::nullopt;
  std::uint32_t code = 0;
  for (const char c : digits) {
    const int digit = hex ? hex_value(c) : is_digit(c) ? c - '0' : -1;
    if (digit < 0 || code > 0x10FFFF) return std::nullopt;
    code = code * (hex ? 16 : 10) + static_cast<std::uint32_t>(digit);
  }
  const bool is_scalar = code > 0 && code <= 0x10FFFF && (code < 0xD800 || code > 0xDFFF);
  return is_scalar ? std::optional(code) : std::nullopt;
}

// Whether a reference begins that only HTML knows, which resolve() leaves as it is.
bool begins_other_reference(std::string_view text) noexcept {
  constexpr std::size_t kMaxNameBytes = 32;
  const std::string_view reference = text.substr(0, text.substr(0, kMaxNameBytes).find(';') + 1);
  return reference.size() > 2 && reference.front() == '&' &&
         std::all_of(reference.begin() + 1, reference.end() - 1, is_alphanumeric) &&
         std::none_of(std::begin(kEntities), std::end(kEntities),
                      [&](const Entity& each) { return each.name == reference; });
}

// Appends what the reference at the beginning of `text` means; how many bytes it has, 0 when none is there.
std::size_t resolve(std::string_view text, std::string& out) {
  for (const Entity& entity : kEntities) {
    if (!text.starts_with(entity.name)) continue;
    out += entity.character;
    return entity.name.size();
  }
  if (!text.starts_with("&#")) return 0;
  const std::size_t end = text.substr(0, kMaxNumberBytes).find(';');
  if (end == std::string_view::npos) return 0;
  const std::optional<std::uint32_t> code = character_of(text.substr(0, end + 1));
  if (!code) return 0;
  append_utf8(*code, out);
  return end + 1;
}

}  // namespace

void resolve_entities(std::string_view text, std::string& out) {
  while (!text.empty()) {
    const std::size_t plain = std::min(text.find('&'), text.size());
    out.append(text.substr(0, plain));
    text.remove_prefix(plain);
    if (text.empty()) return;
    std::size_t taken = resolve(text, out);
    if (taken == 0) {
      out += '&';
      taken = 1;
    }
    text.remove_prefix(taken);
  }
}

void append_with_entities(std::string_view text, std::string& out) {
  for (std::size_t i = 0; i < text.size(); ++i) {
    const auto entity = std::find_if(std::begin(kEntities), std::end(kEntities),
                                     [&](const Entity& each) { return each.character == text[i]; });
    const bool plain = entity == std::end(kEntities) || text[i] == '\'' || begins_other_reference(text.substr(i));
    if (plain)
      out += text[i];
    else
      out.append(entity->name);
  }
}

}  // namespace logs_sdk::inline v1
