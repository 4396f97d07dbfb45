#include "src/symbols/libdw.h"

#include <dlfcn.h>

#include <optional>

namespace logs_sdk::inline v1 {
namespace {

constexpr const char* kLibrary = "libdw.so.1";  // the one interface that it has had for fifteen years

template <typename Function>
bool find(void* library, const char* name, Function& function) noexcept {
  function = reinterpret_cast<Function>(::dlsym(library, name));
  return function != nullptr;
}

std::optional<Libdw> load() noexcept {
  void* const library = ::dlopen(kLibrary, RTLD_NOW | RTLD_LOCAL);
  if (library == nullptr) return std::nullopt;
  Libdw libdw{};
  const bool whole =
      find(library, "dwfl_begin", libdw.begin) && find(library, "dwfl_end", libdw.end) &&
      find(library, "dwfl_report_offline", libdw.report_offline) &&
      find(library, "dwfl_report_end", libdw.report_end) &&
      find(library, "dwfl_build_id_find_debuginfo", libdw.find_debuginfo_by_build_id) &&
      find(library, "dwfl_module_build_id", libdw.module_build_id) &&
      find(library, "dwfl_module_getelf", libdw.module_elf) &&
      find(library, "dwfl_module_addrdie", libdw.module_unit_of) &&
      find(library, "dwfl_module_nextcu", libdw.module_next_unit) &&
      find(library, "dwfl_module_addrinfo", libdw.module_symbol) && find(library, "dwarf_haspc", libdw.has_pc) &&
      find(library, "dwarf_getscopes", libdw.scopes_of_pc) &&
      find(library, "dwarf_getscopes_die", libdw.scopes_of_die) && find(library, "dwarf_tag", libdw.tag) &&
      find(library, "dwarf_attr_integrate", libdw.attribute) && find(library, "dwarf_formstring", libdw.string_value) &&
      find(library, "dwarf_formudata", libdw.number_value) && find(library, "dwarf_getsrc_die", libdw.line_of) &&
      find(library, "dwarf_linesrc", libdw.line_file) && find(library, "dwarf_lineno", libdw.line_number) &&
      find(library, "dwarf_getsrcfiles", libdw.source_files) && find(library, "dwarf_filesrc", libdw.file_name);
  return whole ? std::optional(libdw) : std::nullopt;
}

}  // namespace

const Libdw* Libdw::get() noexcept {
  static const std::optional<Libdw> loaded = load();
  return loaded ? &*loaded : nullptr;
}

}  // namespace logs_sdk::inline v1
