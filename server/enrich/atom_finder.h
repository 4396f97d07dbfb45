// AtomFinder: which of a fixed set of short strings stand in a text, in one pass over it (Aho-Corasick).
//
// Immutable after construction; every call from any thread. The automaton is a dense table over the bytes that the
// atoms use, so that a step is one load: about 1 MiB for the rules of uap-core.
#ifndef LOGS_SERVER_ENRICH_ATOM_FINDER_H_
#define LOGS_SERVER_ENRICH_ATOM_FINDER_H_

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace logs_server {

class AtomFinder {
 public:
  // An atom is at least a byte long, and in lower case.
  explicit AtomFinder(std::span<const std::string> atoms);

  // Replaces `found` by the indices of the atoms that stand in `text`, ASCII case ignored; in any order, some perhaps
  // several times.
  void find(std::string_view text, std::vector<int>& found) const;

 private:
  using State = std::uint32_t;

  void add(const std::string& atom, int index);
  void link_failures();
  State& next(State state, std::size_t byte_class) { return next_[state * class_count_ + byte_class]; }
  State add_state();

  std::array<std::uint8_t, 256> class_of_{};  // 0: a byte of no atom
  std::size_t class_count_ = 1;
  std::vector<State> next_;
  std::vector<int> atom_at_;    // of each state: the atom that ends there, or -1
  std::vector<State> shorter_;  // of each state: the longest proper suffix of it at which an atom ends, or the root
};

}  // namespace logs_server

#endif  // LOGS_SERVER_ENRICH_ATOM_FINDER_H_
