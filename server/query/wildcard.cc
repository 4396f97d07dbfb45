#include "server/query/wildcard.h"

#include <string.h>  // memmem

namespace logs_server {

// The C library's: by two-way matching for long pieces, and by comparing at most 256 bytes a place for short ones.
std::size_t find_text(std::string_view text, std::string_view piece) {
  const void* const found = ::memmem(text.data(), text.size(), piece.data(), piece.size());
  return found == nullptr ? std::string_view::npos
                          : static_cast<std::size_t>(static_cast<const char*>(found) - text.data());
}

Wildcard::Wildcard(std::string_view pattern) {
  for (std::size_t star = pattern.find('*'); star != std::string_view::npos; star = pattern.find('*')) {
    pieces_.emplace_back(pattern.substr(0, star));
    pattern.remove_prefix(star + 1);
  }
  pieces_.emplace_back(pattern);
}

// The first piece stands at the beginning and the last one at the end. Each between them may be taken where it first
// stands: what is left for the others is then the most there can be.
bool Wildcard::matches(std::string_view text) const {
  if (pieces_.size() == 1) return text == pieces_.front();
  const std::string& first = pieces_.front();
  const std::string& last = pieces_.back();
  if (text.size() < first.size() + last.size() || !text.starts_with(first) || !text.ends_with(last)) return false;
  text = text.substr(first.size(), text.size() - first.size() - last.size());
  for (std::size_t i = 1; i + 1 < pieces_.size(); ++i) {
    const std::size_t at = find_text(text, pieces_[i]);
    if (at == std::string_view::npos) return false;
    text.remove_prefix(at + pieces_[i].size());
  }
  return true;
}

}  // namespace logs_server
