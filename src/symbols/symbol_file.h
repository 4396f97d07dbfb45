// SymbolFile: one module's symbols and debug information, opened for some questions and closed again.
//
// Debug information in a file of its own is found by build id below /usr/lib/debug; nothing is asked of the network.
// Thread-safety: none.
#ifndef LOGS_SDK_SYMBOLS_SYMBOL_FILE_H_
#define LOGS_SDK_SYMBOLS_SYMBOL_FILE_H_

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "src/symbols/code_place.h"
#include "src/symbols/libdw.h"

namespace logs_sdk::inline v1 {

class SymbolFile {
 public:
  // Null when `path` is no regular file, or not one of that build id.
  static std::unique_ptr<SymbolFile> open(const Libdw& libdw, const std::string& path, std::string_view build_id);
  ~SymbolFile();
  SymbolFile(const SymbolFile&) = delete;
  SymbolFile& operator=(const SymbolFile&) = delete;

  // The functions at an address as the file counts: the one that was inlined innermost first, the one that stands in
  // the machine code last. Empty when nothing is known of it.
  std::vector<CodePlace> places(std::uint64_t offset) const;

 private:
  SymbolFile(const Libdw& libdw, ::Dwfl* dwfl, ::Dwfl_Module* module) : libdw_(libdw), dwfl_(dwfl), module_(module) {}

  bool has_build_id(std::string_view build_id) const;
  ::Dwarf_Die* unit_of(::Dwarf_Addr address, ::Dwarf_Addr& bias) const;
  std::vector<CodePlace> places_by_debug_information(::Dwarf_Addr address) const;
  std::string symbol(::Dwarf_Addr address) const;
  std::string text_of(::Dwarf_Die& function, unsigned attribute) const;
  void take_call_site(::Dwarf_Die& unit, ::Dwarf_Die& inlined, CodePlace& caller) const;

  const Libdw& libdw_;
  ::Dwfl* const dwfl_;
  ::Dwfl_Module* const module_;
};

}  // namespace logs_sdk::inline v1

#endif  // LOGS_SDK_SYMBOLS_SYMBOL_FILE_H_
