#include "server/enrich/atom_finder.h"

#include <cassert>

namespace logs_server {
namespace {

constexpr std::uint32_t kRoot = 0;

unsigned char lower(char c) {
  const auto byte = static_cast<unsigned char>(c);
  return byte >= 'A' && byte <= 'Z' ? static_cast<unsigned char>(byte + ('a' - 'A')) : byte;
}

}  // namespace

AtomFinder::AtomFinder(std::span<const std::string> atoms) {
  for (const std::string& atom : atoms) {
    assert(!atom.empty());
    for (const char c : atom) {
      std::uint8_t& known = class_of_[lower(c)];
      if (known == 0) known = static_cast<std::uint8_t>(class_count_++);
    }
  }
  for (std::size_t upper = 'A'; upper <= 'Z'; ++upper) class_of_[upper] = class_of_[upper + ('a' - 'A')];
  add_state();
  for (std::size_t i = 0; i < atoms.size(); ++i) add(atoms[i], static_cast<int>(i));
  link_failures();
}

AtomFinder::State AtomFinder::add_state() {
  next_.insert(next_.end(), class_count_, kRoot);
  atom_at_.push_back(-1);
  shorter_.push_back(kRoot);
  return static_cast<State>(atom_at_.size() - 1);
}

void AtomFinder::add(const std::string& atom, int index) {
  State state = kRoot;
  for (const char c : atom) {
    const std::size_t byte_class = class_of_[lower(c)];
    if (next(state, byte_class) == kRoot) {
      const State added = add_state();
      next(state, byte_class) = added;
    }
    state = next(state, byte_class);
  }
  atom_at_[state] = index;
}

// Breadth first, so that what a state falls back to is complete before it is needed. Afterwards every state has a
// successor for every byte, and nothing has to fall back while a text is read.
void AtomFinder::link_failures() {
  std::vector<State> failure(atom_at_.size(), kRoot);
  std::vector<State> queue{kRoot};
  for (std::size_t i = 0; i < queue.size(); ++i) {
    const State state = queue[i];
    const State back = failure[state];
    shorter_[state] = atom_at_[back] >= 0 ? back : shorter_[back];
    for (std::size_t byte_class = 1; byte_class < class_count_; ++byte_class) {
      State& child = next(state, byte_class);
      if (child == kRoot) {
        if (state != kRoot) child = next(back, byte_class);
        continue;
      }
      if (state != kRoot) failure[child] = next(back, byte_class);
      queue.push_back(child);
    }
  }
}

void AtomFinder::find(std::string_view text, std::vector<int>& found) const {
  found.clear();
  State state = kRoot;
  for (const char c : text) {
    state = next_[state * class_count_ + class_of_[static_cast<unsigned char>(c)]];
    for (State end = state; end != kRoot; end = shorter_[end]) {
      if (atom_at_[end] >= 0) found.push_back(atom_at_[end]);
    }
  }
}

}  // namespace logs_server
