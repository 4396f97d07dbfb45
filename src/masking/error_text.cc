#include "src/masking/error_text.h"

#include <algorithm>
#include <cstddef>

#include "src/base/ascii.h"

namespace logs_sdk::inline v1 {
namespace {

constexpr std::size_t kMaxTypeBytes = 512;
constexpr std::string_view kAnonymous = "(anonymous namespace)";

constexpr bool is_type_character(char c) noexcept {
  return is_alphanumeric(c) || std::string_view("_:.$<>,&*").find(c) != std::string_view::npos;
}

// Whether `name` can be nothing but a type: it has scopes, or is called an error as types are. Blanks stand only
// between the arguments of a template, and in the name of the anonymous namespace.
bool is_type(std::string_view name) noexcept {
  if (name.empty() || name.size() > kMaxTypeBytes || is_digit(name.front())) return false;
  std::size_t depth = 0;
  for (std::size_t i = 0; i < name.size(); ++i) {
    if (name.substr(i).starts_with(kAnonymous)) {
      i += kAnonymous.size() - 1;
      continue;
    }
    if (name[i] == '<') ++depth;
    if (name[i] == '>') depth -= std::min<std::size_t>(depth, 1);
    if (!is_type_character(name[i]) && !(name[i] == ' ' && depth > 0)) return false;
  }
  return name.find("::") != std::string_view::npos || name.ends_with("Error") || name.ends_with("Exception");
}

// "shop::Expired: " in front of a message; all of `text` when it is a type alone. 0 for none.
std::size_t type_bytes(const Masker& masker, std::string_view text) {
  const std::size_t colon = text.substr(0, kMaxTypeBytes + 1).find(": ");
  const std::string_view name = text.substr(0, colon);
  if (!is_type(name)) return 0;
  // What shows itself as a secret is masked there, too.
  std::string plain(name), ignored;
  std::replace(plain.begin(), plain.end(), ':', '~');
  if (masker.mask_text(plain, ignored)) return 0;
  return colon == std::string_view::npos ? text.size() : colon + 2;
}

}  // namespace

bool mask_error(const Masker& masker, std::string_view error, std::string& out, Extent extent) {
  std::string ignored;
  if (!masker.mask_text(error, ignored, extent)) return false;
  const std::size_t start = out.size();
  for (std::string_view rest = error; !rest.empty();) {
    const std::size_t next = rest.find(kCausedBy);
    const bool last = next == std::string_view::npos;
    const std::string_view link = rest.substr(0, next);
    const std::size_t type = type_bytes(masker, link);
    out.append(link.substr(0, type));
    masker.text(link.substr(type), out, last ? extent : Extent::kWhole);
    if (last) break;
    out.append(kCausedBy);
    rest.remove_prefix(next + kCausedBy.size());
  }
  if (std::string_view(out).substr(start) != error) return true;
  out.resize(start);
  return false;
}

}  // namespace logs_sdk::inline v1
