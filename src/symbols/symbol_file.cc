#include "src/symbols/symbol_file.h"

#include <dwarf.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cstddef>
#include <cstdlib>
#include <span>

#include "src/base/demangled.h"
#include "src/base/hex.h"

namespace logs_sdk::inline v1 {
namespace {

// Names of templates grow without bound; the beginning of one tells which it is.
constexpr std::size_t kMaxFunctionBytes = 320;
constexpr std::size_t kMaxFileBytes = 160;  // of a path the end tells

// A path comes out of an entry: what blocks on opening or acts on reading is not opened.
int open_regular(const std::string& path) noexcept {
  const int file = ::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
  struct stat about {};
  if (file >= 0 && (::fstat(file, &about) != 0 || !S_ISREG(about.st_mode))) {
    ::close(file);
    return -1;
  }
  return file;
}

int no_section_address(Dwfl_Module*, void**, const char*, Dwarf_Addr, const char*, GElf_Word, const GElf_Shdr*,
                       Dwarf_Addr*) {
  return -1;  // object files before linking are not what runs
}

// A function of C has a name that a mangled type could have, too.
std::string readable(const char* symbol) {
  if (!std::string_view(symbol).starts_with("_Z")) return symbol;
  std::string text = demangled(symbol);
  text.resize(std::min(text.find(" [clone "), text.size()));  // what the optimiser has split off is the function still
  constexpr std::string_view kAbi = "[abi:cxx11]";            // so is one that returns a std::string
  for (std::size_t at = text.find(kAbi); at != std::string::npos; at = text.find(kAbi, at)) text.erase(at, kAbi.size());
  return text;
}

std::string bounded_path(const char* path) {
  const std::string_view text = path;
  if (text.size() <= kMaxFileBytes) return path;
  return "..." + std::string(text.substr(text.size() - kMaxFileBytes));
}

std::string bounded(std::string text, std::size_t max_bytes) {
  if (text.size() > max_bytes) text.replace(max_bytes, std::string::npos, "...");
  return text;
}

}  // namespace

std::unique_ptr<SymbolFile> SymbolFile::open(const Libdw& libdw, const std::string& path, std::string_view build_id) {
  static char* no_path = nullptr;  // below /usr/lib/debug
  static const Dwfl_Callbacks callbacks = {nullptr, libdw.find_debuginfo_by_build_id, no_section_address, &no_path};
  const int file = open_regular(path);
  if (file < 0) return nullptr;
  Dwfl* const dwfl = libdw.begin(&callbacks);
  Dwfl_Module* const module = dwfl == nullptr ? nullptr : libdw.report_offline(dwfl, "", path.c_str(), file);
  if (module == nullptr) {
    ::close(file);
    if (dwfl != nullptr) libdw.end(dwfl);
    return nullptr;
  }
  libdw.report_end(dwfl, nullptr, nullptr);
  std::unique_ptr<SymbolFile> opened(new SymbolFile(libdw, dwfl, module));
  if (!opened->has_build_id(build_id)) return nullptr;
  return opened;
}

SymbolFile::~SymbolFile() { libdw_.end(dwfl_); }

bool SymbolFile::has_build_id(std::string_view build_id) const {
  const unsigned char* bytes = nullptr;
  GElf_Addr address = 0;
  const int size = libdw_.module_build_id(module_, &bytes, &address);
  return size > 0 && to_hex(std::span(bytes, static_cast<std::size_t>(size))) == build_id;
}

std::vector<CodePlace> SymbolFile::places(std::uint64_t offset) const {
  GElf_Addr bias = 0;
  if (libdw_.module_elf(module_, &bias) == nullptr) return {};
  const Dwarf_Addr address = offset + bias;
  std::vector<CodePlace> places = places_by_debug_information(address);
  if (!places.empty() && !places.back().function.empty()) return places;
  std::string name = symbol(address);
  if (name.empty()) return places;
  if (places.empty()) places.emplace_back();
  places.back().function = std::move(name);
  return places;
}

std::string SymbolFile::symbol(Dwarf_Addr address) const {
  GElf_Off offset = 0;
  GElf_Sym about{};
  const char* name = libdw_.module_symbol(module_, address, &offset, &about, nullptr, nullptr, nullptr);
  return name == nullptr ? std::string() : bounded(readable(name), kMaxFunctionBytes);
}

// By the table of addresses, which clang does not write, else by asking each unit.
Dwarf_Die* SymbolFile::unit_of(Dwarf_Addr address, Dwarf_Addr& bias) const {
  if (Dwarf_Die* unit = libdw_.module_unit_of(module_, address, &bias)) return unit;
  for (Dwarf_Die* unit = libdw_.module_next_unit(module_, nullptr, &bias); unit != nullptr;
       unit = libdw_.module_next_unit(module_, unit, &bias)) {
    if (libdw_.has_pc(unit, address - bias) > 0) return unit;
  }
  return nullptr;
}

// The scopes of the machine code at `address` from the inside out: each inlined function is one, with the place from
// which it was called, until the function that stands there itself.
std::vector<CodePlace> SymbolFile::places_by_debug_information(Dwarf_Addr address) const {
  Dwarf_Addr bias = 0;
  Dwarf_Die* const unit = unit_of(address, bias);
  if (unit == nullptr) return {};
  std::vector<CodePlace> places(1);
  if (Dwarf_Line* line = libdw_.line_of(unit, address - bias)) {
    const char* file = libdw_.line_file(line, nullptr, nullptr);
    if (file != nullptr) places.back().file = bounded_path(file);
    libdw_.line_number(line, &places.back().line);
  }
  Dwarf_Die* innermost = nullptr;
  if (libdw_.scopes_of_pc(unit, address - bias, &innermost) <= 0) return places;
  Dwarf_Die* scopes = nullptr;
  const int count = libdw_.scopes_of_die(innermost, &scopes);
  for (int i = 0; i < count; ++i) {
    const int tag = libdw_.tag(&scopes[i]);
    if (tag != DW_TAG_inlined_subroutine && tag != DW_TAG_subprogram) continue;
    places.back().function = text_of(scopes[i], DW_AT_linkage_name);
    // Functions that only their file can call, and all with little debug information, have their full name as a symbol.
    if (places.back().function.empty() && tag == DW_TAG_subprogram) places.back().function = symbol(address);
    if (places.back().function.empty()) places.back().function = text_of(scopes[i], DW_AT_name);
    if (tag == DW_TAG_subprogram) break;
    take_call_site(*unit, scopes[i], places.emplace_back());
  }
  std::free(scopes);
  std::free(innermost);
  return places;
}

std::string SymbolFile::text_of(Dwarf_Die& function, unsigned attribute) const {
  Dwarf_Attribute value;
  if (libdw_.attribute(&function, attribute, &value) == nullptr) return {};
  const char* text = libdw_.string_value(&value);
  return text == nullptr ? std::string() : bounded(readable(text), kMaxFunctionBytes);
}

void SymbolFile::take_call_site(Dwarf_Die& unit, Dwarf_Die& inlined, CodePlace& caller) const {
  Dwarf_Attribute value;
  Dwarf_Word number = 0;
  if (libdw_.attribute(&inlined, DW_AT_call_line, &value) != nullptr && libdw_.number_value(&value, &number) == 0) {
    caller.line = static_cast<int>(number);
  }
  Dwarf_Files* files = nullptr;
  std::size_t file_count = 0;
  if (libdw_.attribute(&inlined, DW_AT_call_file, &value) == nullptr || libdw_.number_value(&value, &number) != 0 ||
      libdw_.source_files(&unit, &files, &file_count) != 0) {
    return;
  }
  const char* file = libdw_.file_name(files, number, nullptr, nullptr);
  if (file != nullptr) caller.file = bounded_path(file);
}

}  // namespace logs_sdk::inline v1
